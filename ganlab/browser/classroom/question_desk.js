// @ts-check
// The teacher's side of a question to the class: a form to ask it, and the question large on the board.

import { element, write } from "../base/dom.js";
import { button } from "./ask.js";
import { READY } from "./ready_questions.js";

/** @import { Act } from "./ask.js" */
/** @import { Question } from "./question_line.js" */
/** @typedef {Question & { answered: number, of: number }} QuestionAsked */

const OWN = "Write your own";

/** @param {Act} act */
export function questionForm(act) {
  const text = element("textarea", { id: "question", rows: 3, maxlength: 200, required: "" });
  const answers = element("textarea", { id: "answers", rows: 5, required: "" });
  const ready = element(
    "select",
    { "aria-label": "Ready-made questions" },
    ...[OWN, ...READY.map(([question]) => question)].map((label) => element("option", {}, label)),
  );
  ready.onchange = () => {
    const [question, offered] = READY[ready.selectedIndex - 1] ?? ["", []];
    text.value = question;
    answers.value = offered.join("\n");
  };
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act({ do: "ask", text: text.value, answers: answers.value.split("\n").filter((line) => line.trim()) });
  };
  return element(
    "form",
    { onsubmit },
    ready,
    element("label", { for: "question" }, "Question"),
    text,
    element("label", { for: "answers" }, "Two to six answers, one on each line"),
    answers,
    element("button", {}, "Ask the class"),
  );
}

export class QuestionPanel {
  /** @param {Act} act */
  constructor(act) {
    this.text = element("h2");
    this.answers = element("ol");
    this.count = element("p", { class: "muted", role: "status" });
    this.reveal = button("Reveal", () => act({ do: "reveal" }), "primary");
    const drop = button("Close the question", () => act({ do: "drop question" }));
    this.node = element(
      "section",
      { class: "asked", "aria-label": "The question", hidden: "" },
      element("header", {}, this.text, this.reveal, drop),
      this.answers,
      this.count,
    );
  }

  /** @param {QuestionAsked | null} question */
  show(question) {
    this.node.hidden = !question;
    if (!question) return;
    const { text, answers, tally, answered, of } = question;
    write(this.text, text);
    this.reveal.hidden = tally !== null;
    write(this.count, `${answered} of ${of} have answered.`);
    const most = Math.max(1, ...(tally ?? []));
    while (this.answers.children.length > answers.length) this.answers.lastChild?.remove();
    for (const [place, answer] of answers.entries()) {
      const item = this.answers.children[place] ?? this.answers.appendChild(element("li"));
      write(item, tally ? `${answer}: ${tally[place]}` : answer);
      if (item instanceof HTMLElement) item.style.setProperty("--share", `${tally ? (100 * tally[place]) / most : 0}%`);
    }
  }
}
