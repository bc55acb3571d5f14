// @ts-check
// What every page of the lab says about the class: who one is in it, whether it is paused, and what the teacher sent.

import { element, write } from "../base/dom.js";
import { QuestionLine } from "./question_line.js";
import { RULES } from "./rules.js";

/** @import { Question } from "./question_line.js" */

/**
 * @typedef {object} Membership
 * @property {boolean} member
 * @property {boolean} [teacher]
 * @property {string} [name]
 * @property {boolean} [paused]
 * @property {string} [rules] what students may do, as a name: see rules.js
 * @property {{ watch: string, title: string } | null} [sent]
 * @property {Question | null} [question]
 * @property {{ watch: string, title: string, name: string, yours: boolean } | null} [spotlight]
 */

const ASK_EVERY = 2000; // ms
const SELDOM = 10_000; // of a hidden tab

const STYLE = `
body .stApp { bottom: var(--ganlab-class, 28px); } /* the bar covers nothing */
.ganlab-class { position: fixed; inset: auto 0 0 0; z-index: 9999999; display: flex; flex-wrap: wrap; gap: 2px 16px;
  align-items: baseline; padding: 5px 16px; font: 13px/1.35 "Source Sans", sans-serif; color: #fff; background: #3d4a5c;
  box-sizing: border-box; min-height: 28px; }
.ganlab-class[data-paused="true"] { background: #8a4b00; }
.ganlab-class a { color: #fff; font-weight: 600; }
.ganlab-class .question { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; flex: 1 1 70%; }
.ganlab-class .answers { display: contents; }
.ganlab-class button { font: inherit; color: #fff; background: none; border: 1px solid #fff; border-radius: 5px;
  padding: 2px 9px; cursor: pointer; }
.ganlab-class button[aria-pressed="true"] { color: #1b2430; background: #fff; }
.ganlab-class button:disabled { cursor: default; }
.ganlab-class [hidden], .ganlab-class .question[hidden] { display: none; }
`;

const name = element("b");
const paused = element("span", { role: "status" });
const title = element("span");
const watch = element("a", { target: "_blank" }, "Watch it"); // or the student's own run would be left, and paused
const copy = element("a", {}, "Work on a copy");
const board = element("a", { href: "class/board", hidden: "" }, "The board");
const sent = element("span", { role: "status", hidden: "" }, title, " ", watch, " · ", copy);
const lit = element("span");
const look = element("a", { target: "_blank" }, "Watch the run");
const spotlight = element("span", { role: "status", hidden: "" }, lit, " ", look);
const question = new QuestionLine(makeRoom);
const bar = element("div", { class: "ganlab-class" }, name, paused, sent, spotlight, board, question.node);

const PAUSED = "Your teacher has paused the class: runs stand still until your teacher lets them go on.";
const PAUSED_BY_YOU = "You have paused the class: only your own runs train.";

/** @param {Membership} me */
function show(me) {
  write(name, me.name && !me.teacher ? `You are ${me.name}` : (me.name ?? ""));
  const says = me.teacher ? PAUSED_BY_YOU : PAUSED;
  write(paused, me.paused ? says : "");
  bar.dataset.paused = String(me.paused);
  board.hidden = !me.teacher;
  showSpotlight(me);
  question.show(me.question, !me.teacher);
  sent.hidden = !me.sent || Boolean(me.teacher);
  makeRoom();
  if (!me.sent) return;
  write(title, `Your teacher shows: ${me.sent.title}.`);
  watch.href = `./?watch=${me.sent.watch}`;
  copy.href = `./?copy=${me.sent.watch}`;
}

/** @param {Membership} me */
function showSpotlight({ spotlight: shown, teacher }) {
  spotlight.hidden = !shown || Boolean(teacher);
  if (!shown) return;
  const whose = shown.yours ? "Your run is" : `A run${shown.name && ` of ${shown.name}`} (${shown.title}) is`;
  write(lit, `${whose} on the board.`);
  look.href = `./?watch=${shown.watch}`;
  look.hidden = shown.yours;
}

/** The page ends above the bar, however many lines that has. */
function makeRoom() {
  document.body.style.setProperty("--ganlab-class", `${bar.offsetHeight}px`);
}

async function keepAsking() {
  try {
    /** @type {Membership} */
    const me = await (await fetch("class/me")).json();
    if (!me.member) return location.assign("class");
    show(me);
    document.dispatchEvent(new CustomEvent(RULES, { detail: me.rules }));
  } catch {
    // the page itself says that the server does not answer
  }
  setTimeout(keepAsking, document.hidden ? SELDOM : ASK_EVERY);
}

if (window.top === window) {
  // not in the board's frame
  document.head.append(element("style", {}, STYLE));
  document.body.append(bar);
  keepAsking();
}
