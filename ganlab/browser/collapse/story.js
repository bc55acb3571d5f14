// @ts-check
// What a remedy did, beside its untreated twins: the verdict and the numbers behind it, as Python told them.

import { element, write } from "../base/dom.js";
import { textOf } from "../base/sentences.js";

/** @import { Frame, RunFacts, TrialView } from "../base/types.js" */

/** @type {Readonly<Record<string, "good" | "bad" | "none" | "wait">>} */
const KINDS = {
  cures: "good",
  helps: "good",
  "does nothing": "none",
  "makes it worse": "bad",
  "not yet decided": "wait",
};
const CHANGED =
  "The settings of this run were changed by hand since the fork, so it is no longer compared with its twin.";

/**
 * What the story says of a run with a remedy; null while there is nothing to say.
 *
 * @param {TrialView | undefined} trial
 * @returns {{ kind: string, headline: string, evidence: string, note: string } | null}
 */
export function told(trial) {
  if (trial?.changed) return { kind: "wait", headline: "Not compared.", evidence: CHANGED, note: "" };
  if (!trial?.effect) return null;
  const [headline, evidence, note] = [trial.headline, trial.evidence, trial.note].map(textOf);
  return { kind: KINDS[trial.effect], headline, evidence, note };
}

export class Story {
  constructor() {
    this.verdict = element("b");
    this.evidence = element("span");
    this.when = element("i");
    this.node = element("p", { class: "story", hidden: "" }, this.verdict, this.evidence, this.when);
  }

  /**
   * @param {RunFacts} run with a remedy
   * @param {Frame} frame
   */
  tell(run, frame) {
    const found = told(frame.views.trial);
    if (!found) return this.hide();
    const { kind, headline, evidence, note } = found;
    this.node.hidden = false;
    this.node.dataset.verdict = kind;
    write(this.verdict, headline);
    write(this.evidence, evidence);
    write(
      this.when,
      `${run.name} and its twin are measured at the same iteration. The pictures and the figures above them are of ` +
        `the first pair. ${note}`,
    );
  }

  hide() {
    this.node.hidden = true;
  }
}
