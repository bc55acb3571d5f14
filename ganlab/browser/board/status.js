// The lines above the views: the run's state and pace, and the plain commentary on what is happening.

import { textOf } from "../base/sentences.js";
import { attribute, element, write } from "../base/dom.js";
import { count, short } from "../base/numbers.js";

const STATES = {
  ready: "Ready",
  running: "Training",
  paused: "Paused",
  finished: "Finished",
  failed: "Failed",
  stopped: "Stopped",
};
const ICONS = { good: "✓", info: "i", warning: "!", error: "✕" };
const LOST_AFTER = 700; // ms: shorter gaps are not worth a word

export class Status {
  constructor() {
    const fact = (name, label) => {
      this[name] = element("b", {}, "–");
      return element("span", { class: `fact ${name}` }, element("span", {}, label), " ", this[name]);
    };
    this.state = element("b", { class: "state", "data-state": "" }, element("i"), element("span", {}, ""));
    this.link = element("span", { class: "link", role: "status" });
    this.extras = element("span", { class: "extras" }); // room for the board's own buttons
    this.line = element(
      "div",
      { class: "status" },
      this.state,
      fact("iteration", "iteration"),
      fact("passes", "passes over the data"),
      fact("rate", "steps/s"),
      fact("device", "device"),
      fact("parameters", "parameters"),
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

  // What Python knows before any frame has come.
  expect({ state, parameter_counts: parameters }) {
    this.#state(state);
    attribute(this.parameters.parentNode, "hidden", parameters ? null : "");
    if (parameters) {
      write(this.parameters, `G ${short(parameters.generator)} · D ${short(parameters.discriminator)}`);
      this.parameters.parentNode.title = `Generator ${count(parameters.generator)}, discriminator ${count(parameters.discriminator)} parameters`;
    }
  }

  show(frame) {
    this.#state(frame.state);
    write(this.iteration, count(frame.iteration));
    this.passes.parentNode.hidden = !Number.isFinite(frame.passes);
    if (Number.isFinite(frame.passes)) write(this.passes, frame.passes.toFixed(frame.passes < 100 ? 1 : 0));
    write(this.rate, frame.rate > 0 ? count(frame.rate < 10 ? Math.round(frame.rate * 10) / 10 : frame.rate) : "–");
    write(this.device, frame.device ?? "–");
    this.#comment(frame);
  }

  showLink(link) {
    clearTimeout(this.lost);
    const words = { gone: "This run no longer exists.", refused: "The server refused the connection." };
    write(this.link, words[link] ?? "");
    if (link === "lost") this.lost = setTimeout(() => write(this.link, "reconnecting…"), LOST_AFTER);
  }

  close() {
    clearTimeout(this.lost);
  }

  #state(state) {
    attribute(this.state, "data-state", state);
    write(this.state.lastChild, STATES[state] ?? state);
  }

  #comment({ views: { commentary: said } }) {
    if (!said) return;
    attribute(this.comment, "data-severity", said.severity);
    attribute(this.comment, "data-verdict", said.verdict);
    write(this.icon, ICONS[said.severity] ?? "i");
    const [headline, evidence] = [textOf(said.headline), textOf(said.evidence)];
    write(this.headline, headline);
    write(this.evidence, evidence);
    this.comment.title = `${headline}. ${evidence}`;
  }
}
