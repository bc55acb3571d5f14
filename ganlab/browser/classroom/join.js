// @ts-check
// The join page: the code alone. Who has a seat already goes to it at once.

import { write } from "../base/dom.js";
import { ask, found } from "./ask.js";

const box = /** @type {HTMLInputElement} */ (found("input"));
const said = found(".said");
box.value = location.hash.slice(1); // from the QR code

const enter = () => location.replace("./");

found("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const refused = await ask("class/join", { code: box.value });
  if (refused === null) enter();
  else write(said, refused);
});

const { member, teacher } = await (await fetch("class/me")).json();
if (member && !teacher) enter();
