// What a remedy changed and by how much, in a sentence: since the fork, with it and without it.

import { element, write } from "../base/dom.js";
import { count, figure as digits } from "../base/numbers.js";
import { coverageOf } from "./tally.js";

const LOOKS = 5; // a value now is the median of so many looks: samples wander
const BARELY = 3; // iterations after which there is something to say: this many looks

const median = (values) => {
  const known = [...values].filter(Number.isFinite).sort((a, b) => a - b);
  return known.length ? known[Math.floor((known.length - 1) / 2)] : NaN;
};

// A curve's value at an iteration, and now.
function between(x, y, at) {
  const before = x.findLastIndex((iteration) => iteration <= at);
  const since = y.slice(before + 1);
  return {
    then: before < 0 ? NaN : median(y.slice(Math.max(0, before + 1 - LOOKS), before + 1)),
    now: median(since.slice(-LOOKS)),
    looks: since.length,
  };
}

const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);

const MEASURES = [
  { name: (total) => (total === 10 ? "classes" : "modes"), curve: "captured", x: "x", say: count },
  { name: () => "good samples", curve: "high_quality", x: "x", say: (share) => `${digits(100 * share)} %` },
  { name: () => "reverse KL", curve: "kl", x: "kl_x", say: digits },
];

function changeOf(frame, measure, at) {
  const view = coverageOf(frame);
  if (!view?.[measure.curve]) return null;
  return { ...between(view[measure.x] ?? view.x, view[measure.curve], at), total: view.total };
}

// Whether more modes are captured than at the fork, and more than without the remedy.
export function verdict(cured, ill) {
  if (cured.looks < BARELY || ill.looks < BARELY) return ["wait", "Too early to say."];
  if (cured.now < 0.5 * cured.then && cured.now < ill.now) return ["bad", "It has made it worse so far."];
  if (cured.then >= 0.9 * cured.total)
    return ["none", "There was nothing to cure: the run had its modes when this one was opened."];
  const gained = Math.min(cured.now - cured.then, cured.now - ill.now);
  if (cured.now >= 0.9 * cured.total && gained > 0) return ["good", "It cures the collapse."];
  if (gained > 0.05 * cured.total) return ["good", "It helps."];
  if (cured.now < ill.now && cured.now < cured.then) return ["bad", "It has made it worse so far."];
  if (cured.now - cured.then > 0.3 * cured.total)
    return ["none", "No better than without it: the run recovers by itself."];
  return ["none", "It has not helped so far."];
}

export class Story {
  constructor() {
    this.node = element("div", { class: "stories", "aria-live": "off" });
    this.lines = new Map();
  }

  // patient and others: [{ run, frame }]
  tell(patient, others) {
    for (const [id, line] of this.lines) if (!others.some(({ run }) => run.id === id)) this.#drop(id, line);
    for (const { run, frame } of others) {
      const at = frame?.forked_at;
      if (!patient?.frame || !Number.isFinite(at)) continue;
      const changes = MEASURES.map((measure) => [
        measure,
        changeOf(frame, measure, at),
        changeOf(patient.frame, measure, at),
      ]);
      const told = changes.filter(
        ([, cured, ill], i) => cured && ill && (i === 0 || Number.isFinite(cured.now) || Number.isFinite(ill.now)),
      );
      if (told.length) this.#write(run, at, told, patient.frame.iteration, frame.iteration);
    }
  }

  #write(run, at, told, ill_at, cured_at) {
    const line = this.lines.get(run.id) ?? this.#add(run.id);
    const [kind, words] = verdict(told[0][1], told[0][2]);
    line.dataset.verdict = kind;
    const parts = told.map(
      ([{ name, say }, cured, ill]) =>
        `${name(cured.total)} ${say(cured.then)} → ${say(cured.now)} (without it ${say(ill.then)} → ${say(ill.now)})`,
    );
    write(line.children[0], words);
    write(line.children[1], `${sentence(parts.join(", "))}.`);
    write(
      line.children[2],
      `${run.name}, since the fork at iteration ${count(at)}; ` +
        `now at iterations ${count(cured_at)} and ${count(ill_at)}. Each value is the median of five looks.`,
    );
  }

  #add(id) {
    const line = element("p", { class: "story" }, element("b"), element("span"), element("i"));
    this.lines.set(id, line);
    this.node.append(line);
    return line;
  }

  #drop(id, line) {
    line.remove();
    this.lines.delete(id);
  }
}
