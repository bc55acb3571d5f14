// @ts-check
// A run that collapses, and remedies tried on it, side by side: see ganlab/ui/collapse/view.py for its data.

import { ClassesView, StackedView } from "../views/classes.js";
import { CompareRoom } from "../compare/compare.js";
import { element } from "../base/dom.js";
import { LatentMapView } from "../views/latent_map.js";
import { NeighboursView } from "../views/neighbours.js";
import { last } from "../base/numbers.js";
import { SharesView } from "../views/shares.js";
import { mountIn } from "../base/stage.js";
import { Story } from "./story.js";
import { coverageOf, Tally } from "./tally.js";

/** @import { Parts, RunBeside } from "../compare/compare.js" */
/** @import { View } from "../base/card.js" */
/** @import { RunFacts } from "../base/types.js" */

class CollapseRoom extends CompareRoom {
  story = new Story();

  get styles() {
    return ["compare/compare.css", "collapse/collapse.css"];
  }

  /**
   * Images have no known points for modes, but classes. The choice of scalar is remembered for each.
   *
   * @returns {[string, string][]}
   */
  get curves() {
    const known = this.data.runs[0].modes_known;
    return known
      ? [
          ["modes", "captured"],
          ["evenness", "high_quality"],
        ]
      : [
          ["classes", "classes"],
          ["evenness of classes", "classes_kl"],
        ];
  }

  // The page says it, beside the button that lets it go on.
  get explains() {
    return false;
  }

  /** @param {Parts} parts */
  arrange({ panels, controls, overlays }) {
    this.node.classList.add("collapse");
    return [this.story.node, panels, overlays, controls];
  }

  /** @param {RunFacts} run */
  more({ kind, cards: views = [], stacked }) {
    /** @type {View<any>[]} */
    const found = [];
    if (views.includes("latent_map")) found.push(new LatentMapView(this));
    if (views.includes("modes")) found.push(new SharesView(this));
    if (views.includes("classes")) found.push(stacked ? new StackedView(this) : new ClassesView(this));
    if (kind === "images") found.push(new NeighboursView(this));
    return found;
  }

  /** @param {RunBeside} one */
  column(one) {
    one.tally ??= new Tally();
    one.column ??= element(
      "div",
      { class: "column" },
      one.tally.node,
      one.panel.node,
      element("div", { class: "beside" }, ...one.more.map(({ node }) => node)),
    );
    one.column.dataset.kind = one.run.kind;
    return one.column;
  }

  /** @param {RunBeside} one */
  took(one) {
    one.tally?.show(one.frame);
    const view = coverageOf(one.frame);
    // Where nobody told the commentary of classes, it goes by the scores alone.
    if (one.frame?.views.commentary?.severity === "good" && view && 2 * last(view.captured) <= view.total) {
      one.panel.judge("Balanced, but modes are missing", "warning");
    }
    const [patient, ...others] = this.beside.values();
    this.story.tell(patient, others);
  }
}

export default mountIn(CollapseRoom);
