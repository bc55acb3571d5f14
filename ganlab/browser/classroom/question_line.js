// @ts-check
// The teacher's question on a student's page: one line, a button for each answer, and the tally once it is revealed.

import { attribute, element, write } from "../base/dom.js";
import { ask } from "./ask.js";

/**
 * @typedef {object} Question
 * @property {number} number
 * @property {string} text
 * @property {string[]} answers
 * @property {number | null} yours the place of the answer that this seat gave
 * @property {number[] | null} tally how many gave each answer, once it is revealed
 */

export class QuestionLine {
  /** @type {Question | null} */
  question = null;
  /** @type {HTMLButtonElement[]} */
  buttons = [];

  /** @param {() => void} changed called when an answer has been taken */
  constructor(changed) {
    this.changed = changed;
    this.text = element("b");
    this.answers = element("span", { class: "answers" });
    this.said = element("span", { role: "status" });
    this.node = element("div", { class: "question", hidden: "" }, this.text, this.answers, this.said);
  }

  /**
   * @param {Question | null | undefined} question
   * @param {boolean} mayAnswer
   */
  show(question, mayAnswer) {
    this.node.hidden = !question;
    if (question && question.number !== this.question?.number) this.#begin(question);
    this.question = question ?? null;
    if (!question) return;
    const { yours, tally, answers } = question;
    for (const [place, button] of this.buttons.entries()) {
      attribute(button, "aria-pressed", String(place === yours));
      button.disabled = !mayAnswer || tally !== null;
      write(button, tally ? `${answers[place]}: ${tally[place]}` : answers[place]);
    }
    const open = yours === null ? "" : "You can change your answer until it is revealed.";
    write(this.said, tally === null ? open : "");
  }

  /** @param {Question} question */
  #begin({ text, answers }) {
    write(this.text, text);
    this.buttons = answers.map((_, place) => element("button", { type: "button", onclick: () => this.#answer(place) }));
    this.answers.replaceChildren(...this.buttons);
  }

  /** @param {number} place */
  async #answer(place) {
    if (!this.question) return;
    const refused = await ask("class/answer", { question: this.question.number, answer: place });
    if (refused !== null) return write(this.said, refused);
    this.question.yours = place;
    this.show(this.question, true);
    this.changed();
  }
}
