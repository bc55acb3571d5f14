// @ts-check
// The lines above the views: the run's state and pace, and the plain commentary on what is happening.

import { textOf } from "../base/sentences.js";
import { attribute, element, write } from "../base/dom.js";
import { count, isNumber, short } from "../base/numbers.js";
import { HELD, linkWords, STATES } from "../base/words.js";

/** @import { Commentary, Frame, Link, LiveData, StateName } from "../base/types.js" */

const ICONS = { good: "✓", info: "i", warning: "!", error: "✕" };
const LOST_AFTER = 700; // ms: shorter gaps are not worth a word

const LINK = linkWords("This run no longer exists.");

/**
 * A named value of the status line.
 *
 * @param {string} name
 * @param {string} label
 */
function fact(name, label) {
  const value = element("b", {}, "–");
  const node = element("span", { class: `fact ${name}` }, element("span", {}, label), " ", value);
  return { value, node };
}

export class Status {
  /** @type {number | undefined} set while a lost connection is not worth a word yet */
  lost;

  constructor() {
    this.iteration = fact("iteration", "iteration");
    this.passes = fact("passes", "passes over the data");
    this.rate = fact("rate", "iterations/s");
    this.device = fact("device", "device");
    this.parameters = fact("parameters", "parameters");
    this.stateName = element("span", {}, "");
    this.state = element("b", { class: "state", "data-state": "" }, element("i"), this.stateName);
    this.link = element("span", { class: "link", role: "status" });
    this.extras = element("span", { class: "extras" }); // room for the board's own buttons
    this.line = element(
      "div",
      { class: "status" },
      this.state,
      this.iteration.node,
      this.passes.node,
      this.rate.node,
      this.device.node,
      this.parameters.node,
      this.link,
      this.extras,
    );
    this.icon = element("i", { "aria-hidden": "true" });
    this.headline = element("b", { role: "status" }); // read out when it changes; the evidence changes all the time
    this.evidence = element("span");
    this.comment = element(
      "div",
      { class: "comment", "data-severity": "none" },
      this.icon,
      this.headline,
      this.evidence,
    );
  }

  /**
   * What Python knows before any frame has come.
   *
   * @param {LiveData} data
   */
  expect({ state, parameter_counts: parameters }) {
    this.#state(state);
    this.parameters.node.hidden = !parameters;
    if (!parameters) return;
    const { generator, discriminator } = parameters;
    write(this.parameters.value, `G ${short(generator)} · D ${short(discriminator)}`);
    this.parameters.node.title = `Generator ${count(generator)}, discriminator ${count(discriminator)} parameters`;
  }

  /** @param {Frame} frame */
  show(frame) {
    this.#state(frame.state, frame.held && frame.state === "running");
    write(this.iteration.value, count(frame.iteration));
    const { passes } = frame;
    this.passes.node.hidden = !isNumber(passes);
    if (isNumber(passes)) write(this.passes.value, passes.toFixed(passes < 100 ? 1 : 0));
    write(
      this.rate.value,
      frame.rate > 0 ? count(frame.rate < 10 ? Math.round(frame.rate * 10) / 10 : frame.rate) : "–",
    );
    write(this.device.value, frame.device ?? "–");
    if (frame.views.commentary) this.#comment(frame.views.commentary);
  }

  /** @param {Link} link */
  showLink(link) {
    clearTimeout(this.lost);
    if (link === "lost") this.lost = setTimeout(() => write(this.link, LINK.lost), LOST_AFTER);
    else write(this.link, LINK[link]);
  }

  close() {
    clearTimeout(this.lost);
  }

  /**
   * @param {StateName} state
   * @param {boolean} [held]
   */
  #state(state, held = false) {
    attribute(this.state, "data-state", held ? "paused" : state);
    write(this.stateName, held ? HELD : STATES[state]);
  }

  /** @param {Commentary} said */
  #comment(said) {
    attribute(this.comment, "data-severity", said.severity);
    attribute(this.comment, "data-verdict", said.verdict);
    write(this.icon, ICONS[said.severity] ?? "i");
    const [headline, evidence] = [textOf(said.headline), textOf(said.evidence)];
    write(this.headline, headline);
    write(this.evidence, evidence);
    this.comment.title = `${headline}. ${evidence}`;
  }
}
