// @ts-check
// A run that collapses, and remedies tried on it, side by side: see ganlab/ui/collapse/view.py for its data.

import { CompareRoom } from "../compare/compare.js";
import { element } from "../base/dom.js";
import { last } from "../base/numbers.js";
import { cardsOf, mountWithCards } from "../base/cards.js";
import { Story } from "./story.js";
import { coverageOf, Tally } from "./tally.js";

/** @import { Parts, RunBeside } from "../compare/compare.js" */
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
  more(run) {
    return cardsOf("collapse", run.cards ?? [], this, run);
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
    const [collapsing, ...others] = this.beside.values();
    this.story.tell(collapsing, others);
  }
}

export default mountWithCards(CollapseRoom);
