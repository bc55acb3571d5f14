// @ts-check
// The latent page: one run's generator is asked about its latent space. Mounted by ganlab/ui/latent/latent_view.py.

import { CodeChooser, isConditional } from "./code_chooser.js";
import { ask, LatestQuestion, sentenceOf } from "./questions.js";
import { ByCodePanel } from "./by_code.js";
import { choice } from "../base/controls.js";
import { DirectionsPanel } from "./directions.js";
import { element, write } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { SensitivityPanel } from "./sensitivity.js";
import { LatentShelf } from "./latent_shelf.js";
import { SlicePanel } from "./slice.js";
import { LatentSource } from "./latent_source.js";
import { addStyles, mountIn, themeOf } from "../base/stage.js";
import { WalkPanel } from "./walk.js";
import { STATES } from "../base/words.js";

/** @import { Kind, Palettes, StateName, Theme } from "../base/types.js" */
/** @import { RealSamples, Samples } from "../drawing/picture.js" */
/** @import { PlaneChoice } from "./latent_plane.js" */
/** @import { Question } from "./questions.js" */

/**
 * What the page gives to the view.
 *
 * @typedef {object} LatentData
 * @property {string} run_id
 * @property {Kind} kind
 * @property {number} side of an image, in pixels
 * @property {number} latent_dim
 * @property {string[]} classes
 * @property {number} categories
 * @property {number} dials
 * @property {number} reserved_height
 * @property {Palettes} colours
 * @property {string} assets
 */

/**
 * One way to explore: what it shows, and what happens when it is to be asked or drawn again.
 *
 * @typedef {object} Panel
 * @property {HTMLElement[]} nodes
 * @property {() => void} picked called when latents were picked
 * @property {() => void} refresh called when the generator has trained
 * @property {() => void} paint
 * @property {() => void} close
 */

/** @type {{ key: string, label: string, make: (room: LatentRoom) => Panel, conditional?: boolean }[]} */
const PANELS = [
  { key: "walk", label: "Interpolate", make: (room) => new WalkPanel(room) },
  { key: "slice", label: "Slice", make: (room) => new SlicePanel(room) },
  { key: "directions", label: "Directions", make: (room) => new DirectionsPanel(room) },
  { key: "sensitivity", label: "Sensitivity", make: (room) => new SensitivityPanel(room) },
  { key: "codes", label: "Classes and codes", make: (room) => new ByCodePanel(room), conditional: true },
];
const PATIENCE = 500; // ms that an answer may take before the page says that it is being computed
const FOLLOW = 1500; // ms between two looks at a generator that trains

// What all panels share: the run, the picked latents, real samples, the theme, and the way to ask.
export class LatentRoom {
  /** @type {LatentData} */
  data;
  /** @type {URL} */
  assets;
  /** @type {Theme} */
  theme;
  /** @type {(RealSamples & Samples) | undefined} */
  real;
  /** @type {number | undefined} the generator's, when it was asked last */
  iteration;
  /** @type {PlaneChoice | undefined} */
  plane;
  /** @type {Panel | undefined} the one that is shown */
  panel;
  /** @type {LatentShelf} */
  shelf;
  /** @type {LatentSource | undefined} */
  source;
  /** @type {CodeChooser | undefined} of a conditional generator */
  codes;
  /** @type {number | undefined} set while a generator that trains is followed */
  following;
  /** @type {number | undefined} set while an answer is waited for */
  patience;
  awaited = 0; // questions that are not answered yet
  closed = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.node = element("div", { class: "lab latent", "data-drawn": "0" });
    this.status = element("span", { class: "link", role: "status" }, "");
    this.notice = element("div", { class: "notice", role: "alert", hidden: "" });
    this.stage = element("div", { class: "stage" });
    this.computing = element("span", { class: "hint", role: "status", hidden: "" }, "Computing…");
    root.append(this.node);
    this.observer = new ResizeObserver(() => this.panel?.paint());
  }

  /** @param {LatentData} data */
  accept(data) {
    const before = this.data;
    this.data = data;
    this.assets = new URL(data.assets, document.baseURI);
    this.node.style.setProperty("--reserved", `${data.reserved_height}px`);
    addStyles(this, "board/live.css", "latent/latent.css").then(() => this.panel?.paint());
    this.#retheme();
    if (before?.run_id !== data.run_id) this.#open();
  }

  close() {
    clearTimeout(this.following);
    clearTimeout(this.patience);
    this.closed = true;
    this.observer.disconnect();
    this.panel?.close();
    this.source?.close();
    this.node.remove();
  }

  // How far the data reach, once it is known.
  get extent() {
    return this.real?.extent ?? 1;
  }

  /**
   * @param {Question} question
   * @param {AbortSignal} [signal]
   */
  ask(question, signal) {
    const whole = this.codes ? { ...question, codes: this.codes.codes } : question;
    this.#await(1);
    return ask(this.data.run_id, whole, signal)
      .then((answer) => {
        this.#tell(answer);
        return answer;
      })
      .finally(() => this.#await(-1));
  }

  /**
   * Say so where answers take long.
   *
   * @param {number} more
   */
  #await(more) {
    this.awaited += more;
    if (!this.awaited) {
      clearTimeout(this.patience);
      this.patience = undefined;
      this.computing.hidden = true;
    } else {
      this.patience ??= setTimeout(() => (this.computing.hidden = false), PATIENCE);
    }
  }

  // Asks for the newest wish only.
  latest() {
    return new LatestQuestion(
      (question, signal) => this.ask(question, signal),
      (sentence) => this.say(sentence),
    );
  }

  /** @param {string} text */
  say(text) {
    write(this.notice, text);
    this.notice.hidden = !text;
  }

  drew() {
    this.node.dataset.drawn = String(Number(this.node.dataset.drawn) + 1);
  }

  async #open() {
    this.panel?.close();
    this.source?.close();
    clearTimeout(this.following);
    this.real = this.iteration = this.plane = undefined;
    const conditional = isConditional(this.data);
    const panels = PANELS.filter((panel) => conditional || !panel.conditional);
    this.tabs = choice("What to explore", panels, "walk", (key) => this.#show(key));
    this.codes = conditional ? new CodeChooser(this.data, () => this.#refresh()) : undefined;
    write(this.status, "");
    this.say("");
    this.stage.replaceChildren();
    this.shelf = new LatentShelf(this, () => this.panel?.picked());
    this.source = new LatentSource(this);
    const side = element(
      "aside",
      { class: "side" },
      this.shelf.node,
      ...(this.codes ? [this.codes.node] : []),
      this.source.node,
    );
    this.node.replaceChildren(
      element("div", { class: "bar" }, this.tabs.node, this.computing, this.status),
      this.notice,
      element("div", { class: "floor" }, this.stage, side),
    );
    this.observer.disconnect();
    this.observer.observe(this.stage);
    try {
      const real = await this.ask({ ask: "real", count: this.data.kind === "images" ? 48 : 400 });
      this.real = real;
      await this.shelf.begin();
      this.source?.open();
      this.#show(this.tabs.value);
    } catch (error) {
      this.say(sentenceOf(error));
    }
  }

  /** @param {string} key */
  #show(key) {
    const chosen = PANELS.find((panel) => panel.key === key);
    if (!chosen || !this.shelf.latent) return; // it is shown as soon as there is something to show
    this.panel?.close();
    this.say("");
    this.panel = chosen.make(this);
    this.stage.replaceChildren(...this.panel.nodes);
    this.node.dataset.panel = key;
    this.panel.picked();
  }

  /**
   * While it trains, what is shown grows old: the panel, the shelf and the map are asked again, not too often.
   *
   * @param {{ iteration: number, state: StateName }} answer
   */
  #tell({ iteration, state }) {
    if (this.closed) return;
    const trained = iteration
      ? `iteration ${count(iteration)}, ${STATES[state].toLowerCase()}`
      : "not trained yet, so its samples are noise";
    write(this.status, trained);
    const moved = this.iteration !== undefined && this.iteration !== iteration;
    this.iteration = iteration;
    if (state !== "running" || this.following) {
      if (moved && !this.following) this.#refresh();
      return;
    }
    this.following = setTimeout(() => {
      this.following = undefined;
      if (document.hidden) return this.#tell({ iteration, state });
      this.#refresh();
    }, FOLLOW);
  }

  #refresh() {
    if (!this.panel) return;
    this.shelf.refresh();
    this.source?.refresh();
    this.panel.refresh();
  }

  #retheme() {
    const theme = themeOf(this.node, this.data.colours, this.theme);
    if (theme === this.theme) return;
    this.theme = theme;
    this.panel?.paint();
  }
}

export default mountIn(LatentRoom);
