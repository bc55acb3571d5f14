// @ts-check
// You are the discriminator: samples one at a time, real or generated? D has answered the same question.

import { sheet } from "../base/canvas_view.js";
import { element, write } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { alpha } from "../base/theme.js";
import { threeMoments } from "./moments.js";
import { decodeMosaic } from "../drawing/mosaic.js";
import { ask, sentenceOf } from "../latent/questions.js";

/** @import { Frame, Mosaic, Numbers, PackedMosaic, Theme } from "../base/types.js" */
/**
 * @typedef {object} Round
 * @property {number} iteration
 * @property {Numbers} real 1 for a real sample
 * @property {Numbers} says_real 1 where D takes it for real
 * @property {number} extent
 * @property {Numbers} [points]
 */

const MOST_SEEDS = 2 ** 31;

export class Guess {
  /** @type {(Round & PackedMosaic) | undefined} */
  round;
  /** @type {boolean[]} what was said so far */
  said = [];
  /** @type {Mosaic | undefined} of images */
  mosaic;
  /** @type {Frame | undefined} */
  frame;
  /** @type {Theme | undefined} */
  theme;

  /**
   * @param {() => string} runId
   * @param {() => void} opened called when a round begins
   */
  constructor(runId, opened) {
    this.runId = runId;
    this.opened = opened;
    this.begin = element(
      "button",
      { type: "button", class: "key framed", onclick: () => this.start() },
      "You are the discriminator",
    );
    /** @type {(label: string, real: boolean) => HTMLButtonElement} */
    const answer = (label, real) =>
      element("button", { type: "button", class: "key framed", onclick: () => this.#say(real) }, label);
    this.answers = element("span", { class: "controls" }, answer("Real", true), answer("Generated", false));
    this.told = element("p", { class: "caption", role: "status" });
    this.key = element(
      "p",
      { class: "hint", hidden: "" },
      "Blue: real. Orange: generated. A dark or a broken rim: your answer was wrong.",
    );
    this.rounds = element("ol", { class: "rounds" });
    this.moments = element("span", { class: "controls", role: "group", "aria-label": "Moment of the training" });
    this.canvas = element("canvas", { class: "guessed", role: "img", "aria-label": "A sample, real or generated" });
    const close = element(
      "button",
      { type: "button", class: "key framed", onclick: () => this.close() },
      "Close the samples",
    );
    this.node = element(
      "section",
      { class: "guess", hidden: "", "aria-label": "You are the discriminator" },
      this.canvas,
      element("div", {}, this.moments, this.told, this.answers, this.key, this.rounds, close),
    );
    this.observer = new ResizeObserver(() => this.#paint());
    this.observer.observe(this.canvas);
  }

  dispose() {
    this.observer.disconnect();
  }

  // A round is of a run: another run begins with none.
  forget() {
    this.rounds.replaceChildren();
    this.close();
  }

  close() {
    this.round = undefined;
    this.node.hidden = true;
  }

  /** @param {number | null} [iteration] of a kept moment; null for now */
  async start(iteration = null) {
    this.begin.disabled = true;
    this.opened();
    this.node.hidden = false;
    this.#offer(iteration);
    try {
      const seed = Math.floor(Math.random() * MOST_SEEDS);
      const round = await ask(this.runId(), { ask: "guess", seed, iteration });
      this.mosaic = round.points ? undefined : await decodeMosaic(round);
      this.round = round;
      this.said = [];
      this.#ask();
    } catch (error) {
      write(this.told, sentenceOf(error));
      this.answers.hidden = true;
    } finally {
      this.begin.disabled = false;
    }
  }

  /**
   * @param {Frame | undefined} frame
   * @param {Theme} theme
   */
  take(frame, theme) {
    Object.assign(this, { frame, theme });
    this.#paint();
  }

  /**
   * The moments at which a round can be played.
   *
   * @param {number | null} chosen
   */
  #offer(chosen) {
    const { frame } = this;
    const moments = threeMoments(frame?.views.moments?.iterations ?? [], frame?.iteration ?? 0);
    this.moments.hidden = moments.length < 2;
    this.moments.replaceChildren(
      ...moments.map(({ name, iteration }) =>
        element(
          "button",
          {
            type: "button",
            class: "key framed",
            "aria-pressed": String(iteration === chosen),
            onclick: () => this.start(iteration),
          },
          iteration === null ? name : `${name}: iteration ${count(iteration)}`,
        ),
      ),
    );
  }

  #ask() {
    if (!this.round) return;
    const many = this.round.real.length;
    const over = this.said.length === many;
    this.answers.hidden = over;
    this.key.hidden = !over;
    if (over) this.#result();
    else
      write(
        this.told,
        `Sample ${this.said.length + 1} of ${many}: is it real, or did G make it? Half of them are real.`,
      );
    this.#paint();
  }

  /** @param {boolean} real */
  #say(real) {
    this.said.push(real);
    this.#ask();
  }

  #result() {
    if (!this.round) return;
    const { real, says_real: d, iteration } = this.round;
    const [mine, its] = [this.said.map(Number), Array.from(d)].map(
      (answers) => answers.filter((answer, i) => answer === real[i]).length,
    );
    write(
      this.told,
      `You were right ${mine} times of ${real.length}, D ${its} times. Guessing is right half of the time.`,
    );
    this.rounds.append(element("li", {}, `Iteration ${count(iteration)}: you ${mine}, D ${its} of ${real.length}.`));
  }

  #paint() {
    const { round, theme } = this;
    const drawing = round && theme && sheet(this.canvas);
    if (!drawing) return;
    const { context, width, height } = drawing;
    const at = this.said.length;
    const over = at === round.real.length;
    /** @param {number} i */
    const colour = (i) => (round.real[i] ? theme.real : theme.generated);
    const { points, extent } = round;
    if (points) {
      const side = Math.min(width, height);
      const dimension = points.shape[1];
      /** @type {(value: number) => number} */
      const scale = (value) => ((value + extent) / (2 * extent)) * side;
      /** @type {(of: Numbers, i: number) => [number, number]} */
      const place = (of, i) =>
        dimension === 1 ? [scale(of[i]), side / 2] : [scale(of[2 * i]), side - scale(of[2 * i + 1])];
      const data = this.frame?.views.plane?.real;
      context.fillStyle = alpha(theme.text, 0.22); // the data, which D has seen as well
      for (let i = 0; data && i < data.shape[0]; i++) context.fillRect(...place(data, i), 2, 2);
      for (let i = over ? 0 : at; i < (over ? at : at + 1); i++) {
        const wrong = over && Number(this.said[i]) !== round.real[i];
        context.beginPath();
        context.arc(...place(points, i), 6, 0, 2 * Math.PI);
        context.fillStyle = over ? colour(i) : theme.text;
        context.fill();
        context.strokeStyle = wrong ? theme.text : theme.background;
        context.lineWidth = 2.5;
        context.stroke();
      }
      context.strokeStyle = theme.axis;
      context.strokeRect(0.5, 0.5, side - 1, side - 1);
    } else if (this.mosaic) {
      const { image, width: wide, height: high } = this.mosaic;
      const columns = over ? 5 : 1;
      const side = Math.min(width / columns, height / (over ? Math.ceil(at / 5) : 1)) - 8;
      context.imageSmoothingEnabled = high >= 24;
      for (let i = over ? 0 : at; i < (over ? at : at + 1); i++) {
        const [left, top] = over ? [(i % 5) * (side + 8) + 4, Math.floor(i / 5) * (side + 8) + 4] : [4, 4];
        context.drawImage(image, i * wide, 0, wide, high, left, top, side, side);
        context.strokeStyle = over ? colour(i) : theme.axis;
        context.lineWidth = over ? 4 : 1;
        context.setLineDash(over && Number(this.said[i]) !== round.real[i] ? [6, 4] : []);
        context.strokeRect(left, top, side, side);
      }
      context.setLineDash([]);
    }
  }
}
