// Places on the board that several charts share: which of them each place shows, and the choice in the charts' heads.

import { attribute, element, remember, remembered } from "../base/dom.js";

export class Slots {
  // views: all of the board's; those whose spec names a slot share it. changed(): called when another is chosen.
  constructor(views, changed) {
    this.chosen = remembered("slots", {});
    this.changed = changed;
    this.buttons = [];
    for (const slot of new Set(views.map(({ spec }) => spec.slot).filter(Boolean))) {
      const sharing = views.filter(({ spec }) => spec.slot === slot);
      if (!sharing.some(({ id }) => id === this.chosen[slot])) this.chosen[slot] = sharing[0].id;
      if (sharing.length > 1) for (const view of sharing) this.#offer(view, sharing);
    }
    this.#press();
  }

  // Whether the view's place, if it shares one, shows it.
  shows({ id, spec }) {
    return !spec.slot || this.chosen[spec.slot] === id;
  }

  #offer(view, sharing) {
    const buttons = sharing.map(({ id, spec }) => {
      const button = element(
        "button",
        { type: "button", class: "choice", onclick: () => this.#choose(spec.slot, id) },
        spec.title,
      );
      this.buttons.push({ button, slot: spec.slot, id });
      return button;
    });
    view.head.firstChild.replaceWith(
      element("span", { class: "choices slot", role: "group", "aria-label": "Chart in this place" }, ...buttons),
    );
  }

  #choose(slot, id) {
    this.chosen[slot] = id;
    remember("slots", this.chosen);
    this.#press();
    this.changed();
    const shown = this.buttons.findLast((each) => each.id === id && each.button.offsetParent);
    shown?.button.focus(); // the one that was pressed went away with its chart
  }

  #press() {
    for (const { button, slot, id } of this.buttons)
      attribute(button, "aria-pressed", String(this.chosen[slot] === id));
  }
}
