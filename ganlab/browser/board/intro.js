// @ts-check
// One line above the views that says what is what, with a small picture. It can be put away, and brought back.

import { element, remember, remembered, write } from "../base/dom.js";
import { isNew, meet } from "../base/newcomer.js";

const SVG = "http://www.w3.org/2000/svg";
const HIGH = 22; // pixels

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function shape(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text) node.textContent = text;
  return node;
}

/**
 * Noise goes into the left network, and out of it come samples; the right network sees them and the real ones.
 *
 * @param {string} left its letter
 * @param {string} right
 */
function picture(left, right) {
  const svg = shape("svg", { viewBox: `0 0 150 ${HIGH}`, width: 150, height: HIGH, "aria-hidden": "true" });
  /** @type {(x: number, y: number, colour: string) => Element} */
  const dot = (x, y, colour) => shape("circle", { cx: x, cy: y, r: 3.5, fill: `var(--${colour})` });
  /** @type {(x1: number, y1: number, x2: number, y2: number) => Element} */
  const line = (x1, y1, x2, y2) => shape("path", { d: `M${x1} ${y1} L${x2} ${y2}`, class: "flow" });
  /** @type {(x: number, letter: string, colour: string) => Element[]} */
  const box = (x, letter, colour) => [
    shape("rect", { x, y: 2, width: 24, height: 18, rx: 4, fill: "none", stroke: `var(--${colour})` }),
    shape("text", { x: x + 12, y: 15.5, "text-anchor": "middle" }, letter),
  ];
  svg.append(
    ...[4, 11, 18].flatMap((y) => [2, 9].map((x) => shape("circle", { cx: x, cy: y, r: 1.3, class: "noise" }))),
    line(13, 11, 20, 11),
    ...box(22, left, "generator"),
    line(48, 11, 58, 11),
    dot(64, 11, "generated"),
    line(70, 11, 84, 11),
    dot(86, 4, "real"),
    line(91, 5, 98, 9),
    line(84, 11, 98, 11),
    ...box(100, right, "discriminator"),
    line(126, 11, 136, 11),
    shape("path", { d: "M140 17 V9 M144 17 V5 M148 17 V12", class: "score" }),
  );
  return svg;
}

export class Intro {
  text = element("span");
  drawing = element("span", { class: "picture" });
  drawn = "";

  /** @param {() => void} tour called when somebody wants the tour */
  constructor(tour) {
    const quiet = { type: "button", class: "key framed" };
    this.take = element("button", { ...quiet, onclick: tour }, "Tour: one minute");
    const away = element(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": "Hide what is what",
        title: "Hide",
        onclick: () => this.#hide(true),
      },
      "✕",
    );
    this.back = element("button", { ...quiet, hidden: "", onclick: () => this.#hide(false) }, "What is what");
    this.node = element("div", { class: "intro", role: "note", hidden: "" }, this.drawing, this.text, this.take, away);
    this.hidden = remembered("intro", { hidden: false }).hidden;
  }

  /**
   * @param {{ text: string, players: [string, string], tour: boolean } | null} told
   */
  accept(told) {
    this.told = told;
    if (told && this.drawn !== String(told.players)) {
      this.drawn = String(told.players);
      this.drawing.replaceChildren(picture(...told.players));
    }
    write(this.text, told?.text ?? "");
    this.take.hidden = !told?.tour;
    this.take.classList.toggle("offered", isNew());
    this.#show();
  }

  /** @param {boolean} hidden */
  #hide(hidden) {
    this.hidden = hidden;
    meet();
    remember("intro", { hidden });
    this.#show();
  }

  #show() {
    this.node.hidden = !this.told || this.hidden;
    this.back.hidden = !this.told || !this.hidden;
  }
}
