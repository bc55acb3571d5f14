// @ts-check
// The join page: the code alone. Who has a seat already goes to it at once.

import { write } from "../base/dom.js";
import { ask, found } from "./ask.js";

const PATIENCE = 1000; // ms: a shorter wait is not worth a word
const WAIT = "One moment, please …";

const box = /** @type {HTMLInputElement} */ (found("input"));
const said = found(".said");
box.value = location.hash.slice(1); // from the QR code

const enter = () => location.replace("./");

found("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const waiting = setTimeout(() => write(said, WAIT), PATIENCE);
  const refused = await ask("class/join", { code: box.value });
  clearTimeout(waiting);
  if (refused === null) enter();
  else write(said, refused);
});

const { member, teacher } = await (await fetch("class/me")).json();
if (member && !teacher) enter();
