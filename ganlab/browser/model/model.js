// @ts-check
// The Model page: the game of a run as one live diagram, and one step of it in slow motion. Mounted by
// ganlab/ui/model/view.py.

import { Status } from "../board/status.js";
import { told } from "../base/address.js";
import { addressOf, Channel } from "../base/channel.js";
import { choice } from "../base/controls.js";
import { element } from "../base/dom.js";
import { Painter } from "../base/painter.js";
import { mountWithCards } from "../base/cards.js";
import { addStyles, themeOf } from "../base/stage.js";
import { StateWatch } from "../base/state_watch.js";
import { Diagram } from "./diagram.js";
import { Guess } from "./guess.js";
import { Inside } from "./inside.js";
import { Knows } from "./knows.js";
import { SlowMotion } from "./slow_motion.js";
import { Tour } from "./tour.js";

/** @import { Frame, Kind, Link, Palettes, Send, StateName, Theme } from "../base/types.js" */
/** @import { NodeFacts } from "./diagram.js" */

/**
 * What the page gives to the view.
 *
 * @typedef {object} ModelData
 * @property {string} run_id
 * @property {StateName} state
 * @property {Kind} kind
 * @property {"gan" | "vae"} model
 * @property {boolean} joint whether both networks learn from one step
 * @property {NodeFacts[]} nodes
 * @property {string[]} edges
 * @property {string | null} opened
 * @property {string[]} cards the views that have a card here
 * @property {string[]} views
 * @property {boolean} tour whether the tour is about a game like this
 * @property {number} extent
 * @property {string} loss
 * @property {{ generator: number, discriminator: number } | null} parameter_counts
 * @property {Palettes} colours
 * @property {string} assets
 */

// What is asked for of each kind of data
const BIG = { plane: ["plane", "plane.warp"], line: ["line"], phase: ["phase"], images: ["samples"] };

class ModelRoom {
  /** @type {ModelData} */
  data;
  /** @type {Send} */
  send;
  /** @type {URL} */
  assets;
  /** @type {Theme} */
  theme;
  /** @type {Frame | undefined} the newest */
  frame;
  /** @type {Channel | undefined} */
  channel;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.painter = new Painter();
    this.status = new Status();
    this.states = new StateWatch((state) => this.send("state", state));
    this.diagram = new Diagram(
      (name) => this.send("node", name),
      (drawable) => this.painter.mark(drawable),
    );
    this.halves = choice(
      "Gradients",
      [
        { key: "both", label: "Whole step", title: "All gradients of a step" },
        { key: "d", label: "D's half", title: "D learns: nothing flows back to G" },
        { key: "g", label: "G's half", title: "G learns: the gradient flows through D, whose weights are locked" },
      ],
      "both",
      (half) => this.slow.choose(half),
    );
    this.slow = new SlowMotion(
      this.diagram,
      () => this.data.run_id,
      () => this.#alone(this.slow),
    );
    this.guess = new Guess(
      () => this.data.run_id,
      () => this.#alone(this.guess),
    );
    this.knows = new Knows(
      () => this.#alone(this.knows),
      () => this.#want(),
    );
    this.inside = new Inside();
    this.tour = new Tour(this.diagram, {
      begun: () => this.#alone(this.tour),
      ended: () => this.diagram.show(this.slow.half),
      train: () => this.send("train", true),
    });
    this.node = element(
      "div",
      { class: "lab model", "data-frames": "0" },
      this.status.line,
      this.status.comment,
      this.tour.offer,
      this.diagram.node,
      element(
        "div",
        { class: "bar" },
        this.halves.node,
        this.slow.controls,
        this.guess.begin,
        this.knows.begin,
        this.tour.begin,
      ),
      this.tour.node,
      this.guess.node,
      this.knows.node,
      this.slow.trouble,
      this.slow.node,
      this.inside.node,
    );
    this.node.onkeydown = (event) => {
      if (event.key === "Escape" && this.data.opened) this.send("node", "");
      this.slow.key(event);
    };
    this.diagram.show("both");
    root.append(this.node);
    this.onVisibility = () => this.#want();
    document.addEventListener("visibilitychange", this.onVisibility);
  }

  /**
   * @param {ModelData} data
   * @param {Send} send
   */
  accept(data, send) {
    const before = this.data;
    this.data = data;
    this.send = send;
    this.assets = new URL(data.assets, document.baseURI);
    const styled = addStyles(this, "board/live.css", "model/model.css");
    this.#retheme();
    this.diagram.accept(data);
    this.inside.accept(data.opened);
    this.halves.node.hidden = data.joint; // there are no halves where both learn from one step
    if (before?.run_id !== data.run_id || String(before.cards) !== String(data.cards))
      this.knows.fill(data.cards, this, data.model === "gan");
    this.guess.begin.hidden = data.model === "vae"; // nor is there a D to compare with
    const [step, tour] = before ? [] : ["step", "tour"].map(told);
    if (before?.run_id !== data.run_id) this.#open();
    if (step) this.slow.recall(step);
    this.tour.accept(data.tour);
    if (tour) styled.then(() => this.tour.start()); // what can't be seen yet takes no focus
    if (before) this.#address();
    if (before && before.opened !== data.opened) this.#want();
    if (!this.frame) this.status.expect(/** @type {any} */ (data));
    this.states.compare(this.frame?.state, data.state);
  }

  close() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.states.close();
    this.channel?.close();
    this.slow.dispose();
    this.guess.dispose();
    this.knows.dispose();
    this.diagram.close();
    this.painter.close();
    this.status.close();
    this.node.remove();
  }

  // Streamlit writes the address anew when Python does, and does not know what was written there without it.
  #address() {
    this.slow.address();
    this.tour.address();
  }

  /**
   * Close all beneath the diagram but this.
   *
   * @param {{ close(): void }} opened
   */
  #alone(opened) {
    for (const panel of [this.slow, this.guess, this.knows, this.tour]) if (panel !== opened) panel.close();
  }

  #open() {
    this.channel?.close();
    this.frame = undefined;
    this.states.told = undefined;
    this.diagram.reset();
    this.slow.close();
    this.halves.show("both");
    this.slow.choose("both");
    this.guess.forget();
    this.channel = new Channel(addressOf(this.data.run_id), {
      frame: (frame) => this.#take(frame),
      link: (link) => this.#link(link),
    });
    this.#want();
  }

  // A tab that nobody sees asks for nothing, so that nothing is computed for it.
  #want() {
    const { kind, model } = this.data;
    const judged = model === "gan" ? ["histograms", "moments", ...(kind === "images" ? ["feature_maps"] : [])] : [];
    this.channel?.want(
      document.hidden
        ? []
        : ["model", ...BIG[kind], ...judged, ...this.knows.wanted(), ...this.inside.wanted(), "commentary"],
    );
  }

  /** @param {Frame} frame */
  #take(frame) {
    if (this.frame && frame.build !== this.frame.build) {
      this.diagram.reset();
      this.knows.reset();
    }
    this.frame = frame;
    this.#retheme();
    this.status.show(frame);
    this.diagram.take(frame, this.theme);
    this.slow.take(frame, this.theme);
    this.guess.take(frame, this.theme);
    this.knows.take(frame);
    this.inside.take(frame, this.theme);
    this.node.dataset.frames = String(Number(this.node.dataset.frames) + 1);
    this.node.dataset.iteration = String(frame.iteration);
    this.states.compare(frame.state, this.data.state);
  }

  /** @param {Link} link */
  #link(link) {
    this.status.showLink(link);
    this.node.dataset.link = link;
    if (link === "gone") this.states.say("gone");
  }

  #retheme() {
    const theme = themeOf(this.node, this.data.colours, this.theme);
    if (theme === this.theme) return;
    this.theme = theme;
    this.knows.retheme();
    if (this.frame) this.diagram.take(this.frame, theme);
    this.slow.take(this.frame, theme);
    this.guess.take(this.frame, theme);
    this.inside.take(this.frame, theme);
  }
}

export default mountWithCards(ModelRoom);
