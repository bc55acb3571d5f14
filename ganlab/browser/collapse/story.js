// @ts-check
// What a remedy changed and by how much, in a sentence: since the fork, with it and without it.

import { element, write } from "../base/dom.js";
import { count, figure as digits, isNumber } from "../base/numbers.js";
import { MEASURES, title } from "../base/words.js";
import { counted, coverageOf } from "./tally.js";

/** @import { Coverage, Frame, Numbers, RunFacts } from "../base/types.js" */
/** @typedef {{ run: RunFacts, frame?: Frame }} RunAndFrame */

/**
 * A measure of a run at the fork and now, and how many times it was measured since.
 *
 * @typedef {{ then: number, now: number, looks: number }} Change
 */

const LOOKS = 5; // a value now is the median of so many looks: samples wander
const BARELY = 3; // looks after which there is something to say

/** @param {Iterable<number>} values */
const median = (values) => {
  const known = [...values].filter(isNumber).sort((a, b) => a - b);
  return known.length ? known[Math.floor((known.length - 1) / 2)] : NaN;
};

/**
 * A curve's value at an iteration, and now.
 *
 * @param {Numbers} x
 * @param {Numbers} y
 * @param {number} at
 * @returns {Change}
 */
function between(x, y, at) {
  const before = x.findLastIndex((iteration) => iteration <= at);
  const since = y.slice(before + 1);
  return {
    then: before < 0 ? NaN : median(y.slice(Math.max(0, before + 1 - LOOKS), before + 1)),
    now: median(since.slice(-LOOKS)),
    looks: since.length,
  };
}

/**
 * @typedef {object} Measure
 * @property {(view: Coverage) => string} name
 * @property {"captured" | "high_quality" | "kl"} curve
 * @property {"x" | "kl_x"} x
 * @property {(value: number) => string} say
 */

/** @type {Measure[]} */
const MEASURED = [
  { name: counted, curve: "captured", x: "x", say: count },
  { name: () => MEASURES.high_quality, curve: "high_quality", x: "x", say: (share) => `${digits(100 * share)} %` },
  { name: () => MEASURES.reverse_kl, curve: "kl", x: "kl_x", say: digits },
];

/**
 * @param {Coverage} view
 * @param {Measure} measure
 * @param {number} at
 */
function changeOf(view, measure, at) {
  const curve = view[measure.curve];
  return curve ? between(view[measure.x] ?? view.x, curve, at) : null;
}

/**
 * Whether more modes are captured than at the fork, and more than without the remedy: a kind, and a sentence.
 *
 * @param {Change} remedied
 * @param {Change} without
 * @param {number} total
 * @returns {["wait" | "bad" | "none" | "good", string]}
 */
export function verdict(remedied, without, total) {
  if (remedied.looks < BARELY || without.looks < BARELY) return ["wait", "Too early to say."];
  if (remedied.now < 0.5 * remedied.then && remedied.now < without.now) return ["bad", "It has made it worse so far."];
  if (remedied.then >= 0.9 * total)
    return ["none", "There was nothing to cure: the run had its modes when this one was opened."];
  const gained = Math.min(remedied.now - remedied.then, remedied.now - without.now);
  if (remedied.now >= 0.9 * total && gained > 0) return ["good", "It cures the collapse."];
  if (gained > 0.05 * total) return ["good", "It helps."];
  if (remedied.now < without.now && remedied.now < remedied.then) return ["bad", "It has made it worse so far."];
  if (remedied.now - remedied.then > 0.3 * total)
    return ["none", "No better than without it: the run recovers by itself."];
  return ["none", "It has not helped so far."];
}

/** @typedef {{ node: HTMLElement, verdict: HTMLElement, changes: HTMLElement, when: HTMLElement }} Line */

export class Story {
  /** @type {Map<string, Line>} by the run's id */
  lines = new Map();

  constructor() {
    this.node = element("div", { class: "stories", "aria-live": "off" });
  }

  /**
   * @param {RunAndFrame} collapsing the run that collapses
   * @param {RunAndFrame[]} others the runs with a remedy
   */
  tell(collapsing, others) {
    for (const [id, line] of this.lines) if (!others.some(({ run }) => run.id === id)) this.#drop(id, line);
    for (const { run, frame } of others) if (frame && collapsing.frame) this.#compare(run, frame, collapsing.frame);
  }

  /**
   * @param {RunFacts} run
   * @param {Frame} frame
   * @param {Frame} collapsing
   */
  #compare(run, frame, collapsing) {
    const at = frame.forked_at;
    const [view, viewWithout] = [coverageOf(frame), coverageOf(collapsing)];
    if (at === null || !view || !viewWithout) return;
    const changes = MEASURED.map((measure) => ({
      measure,
      remedied: changeOf(view, measure, at),
      without: changeOf(viewWithout, measure, at),
    }));
    const [{ remedied: modes, without: modesWithout }] = changes;
    if (!modes || !modesWithout) return;
    const line = this.lines.get(run.id) ?? this.#add(run.id);
    const [kind, words] = verdict(modes, modesWithout, view.total);
    line.node.dataset.verdict = kind;
    write(line.verdict, words);
    const parts = changes.flatMap(({ measure: { name, say }, remedied, without }, i) => {
      if (!remedied || !without || !(i === 0 || isNumber(remedied.now) || isNumber(without.now))) return [];
      const alone = `without it ${say(without.then)} → ${say(without.now)}`;
      return `${name(view)} ${say(remedied.then)} → ${say(remedied.now)} (${alone})`;
    });
    write(line.changes, `${title(parts.join(", "))}.`);
    write(
      line.when,
      `${run.name}, since the fork at iteration ${count(at)}; now at iterations ${count(frame.iteration)} and ` +
        `${count(collapsing.iteration)}. Each value is the median of five looks.`,
    );
  }

  /**
   * @param {string} id
   * @returns {Line}
   */
  #add(id) {
    const [judgement, changes, when] = [element("b"), element("span"), element("i")];
    const line = {
      node: element("p", { class: "story" }, judgement, changes, when),
      verdict: judgement,
      changes,
      when,
    };
    this.lines.set(id, line);
    this.node.append(line.node);
    return line;
  }

  /**
   * @param {string} id
   * @param {Line} line
   */
  #drop(id, line) {
    line.node.remove();
    this.lines.delete(id);
  }
}
