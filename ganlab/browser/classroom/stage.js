// @ts-check
// What the board shows large, for the projector: a run of a seat, live, to look at only.

import { element, write } from "../base/dom.js";
import { button } from "./ask.js";

/** @import { Act } from "./ask.js" */
/**
 * @typedef {object} Spotlight
 * @property {string} watch
 * @property {string} title
 * @property {string} name "" where it is shown without
 */

export class Stage {
  /** @type {Spotlight | null} */
  shown = null;

  /** @param {Act} act */
  constructor(act) {
    this.caption = element("h2");
    this.frame = element("iframe", { title: "The run that is shown to all" });
    this.names = button("", () => act({ do: "spotlight", run: this.shown?.watch, named: !this.shown?.name }));
    const end = button("End the spotlight", () => act({ do: "spotlight", run: null }));
    const large = button("Full screen", () => this.node.requestFullscreen());
    this.node = element(
      "section",
      { class: "stage", "aria-label": "Shown to all", hidden: "" },
      element("header", {}, this.caption, this.names, large, end),
      this.frame,
    );
  }

  /** @param {Spotlight | null} spotlight */
  show(spotlight) {
    this.node.hidden = !spotlight;
    if (spotlight?.watch !== this.shown?.watch) {
      if (spotlight) this.frame.src = `../?watch=${spotlight.watch}&embed=true`;
      else this.frame.removeAttribute("src");
    }
    this.shown = spotlight;
    if (!spotlight) return;
    write(this.caption, spotlight.name ? `${spotlight.name}: ${spotlight.title}` : spotlight.title);
    write(this.names, spotlight.name ? "Hide the name" : "Show the name");
  }
}
