// @ts-check
// Places on the board that several charts share: which of them each place shows, and the choice in the charts' heads.

import { attribute, element, remember, remembered } from "../base/dom.js";

/** @import { View } from "../base/card.js" */

export class Slots {
  /** @type {{ button: HTMLElement, slot: string, id: string }[]} */
  buttons = [];

  /**
   * @param {View<any>[]} views all of the board's; those whose spec names a slot share it
   * @param {() => void} changed called when another is chosen
   */
  constructor(views, changed) {
    /** @type {Record<string, string>} the id of the view that each slot shows */
    this.chosen = remembered("slots", {});
    this.changed = changed;
    for (const slot of new Set(views.flatMap(({ spec }) => spec.slot ?? []))) {
      const sharing = views.filter(({ spec }) => spec.slot === slot);
      if (!sharing.some(({ id }) => id === this.chosen[slot])) this.chosen[slot] = sharing[0].id;
      if (sharing.length > 1) for (const view of sharing) this.#offer(view, sharing, slot);
    }
    this.#press();
  }

  /**
   * Whether the view's place, if it shares one, shows it.
   *
   * @param {View<any>} view
   */
  shows({ id, spec }) {
    return !spec.slot || this.chosen[spec.slot] === id;
  }

  /**
   * @param {View<any>} view
   * @param {View<any>[]} sharing
   * @param {string} slot
   */
  #offer(view, sharing, slot) {
    const buttons = sharing.map(({ id, spec }) => {
      const button = element(
        "button",
        { type: "button", class: "choice", onclick: () => this.#choose(slot, id) },
        spec.title,
      );
      this.buttons.push({ button, slot, id });
      return button;
    });
    view.heading.replaceWith(
      element("span", { class: "choices slot", role: "group", "aria-label": "Chart in this place" }, ...buttons),
    );
  }

  /**
   * @param {string} slot
   * @param {string} id
   */
  #choose(slot, id) {
    this.chosen[slot] = id;
    remember("slots", this.chosen);
    this.#press();
    this.changed();
    const shown = this.buttons.findLast((each) => each.id === id && each.button.offsetParent !== null);
    shown?.button.focus(); // the one that was pressed went away with its chart
  }

  #press() {
    for (const { button, slot, id } of this.buttons)
      attribute(button, "aria-pressed", String(this.chosen[slot] === id));
  }
}
