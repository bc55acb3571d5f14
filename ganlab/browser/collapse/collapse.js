// @ts-check
// A run that collapsed, and beside it its untreated twin and a remedy: see ganlab/ui/collapse/view.py for its data.

import { CompareRoom } from "../compare/compare.js";
import { element } from "../base/dom.js";
import { last } from "../base/numbers.js";
import { cardsOf, mountWithCards } from "../base/cards.js";
import { PairsView } from "./pairs.js";
import { Story } from "./story.js";
import { coverageOf, Tally } from "./tally.js";

/** @import { Parts, RunBeside } from "../compare/compare.js" */
/** @import { RunFacts } from "../base/types.js" */

class CollapseRoom extends CompareRoom {
  story = new Story();
  /** @type {PairsView[]} */
  pairs = [];
  trial = element("div", { class: "overlays pairs", hidden: "" });
  /** @type {HTMLElement} */
  alone = element("div");

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
    this.pairs = [new PairsView("modes", this), new PairsView("good", this)];
    this.trial.append(...this.pairs.map(({ node }) => node));
    this.alone = overlays;
    return [this.story.node, this.trial, panels, overlays, controls];
  }

  // Beside a twin, the pairs since the fork say more than the curves of the runs that are shown.
  listed() {
    const runs = this.runs().filter(({ trial }) => trial);
    this.trial.hidden = !runs.length;
    this.alone.hidden = Boolean(runs.length);
    for (const view of this.pairs) {
      if (view.runs[1]?.id !== runs[1]?.id) view.reset();
      view.runs = runs;
      view.retheme();
    }
    if (runs.length < 2) this.story.hide();
  }

  close() {
    for (const view of this.pairs) view.close();
    super.close();
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
    if (!one.frame || !one.run.trial || one.run.id !== this.pairs[0].runs[1]?.id) return;
    this.story.tell(one.run, one.frame);
    for (const pairs of this.pairs) if (pairs.take(one.frame)) this.painter.mark(pairs);
  }
}

export default mountWithCards(CollapseRoom);
