// @ts-check
// The teacher's board: how to join, who is there, and what each seat is at. All of it comes once a second.

import { element, write } from "../base/dom.js";
import { ask, button, found } from "./ask.js";
import { LimitsForm } from "./limits_form.js";
import { LocksForm } from "./locks_form.js";
import { Moments } from "./moments.js";
import { QuestionPanel, questionForm } from "./question_desk.js";
import { Stage } from "./stage.js";
import { Tile } from "./tile.js";

/** @import { Limits } from "./limits_form.js" */
/** @import { Locks } from "./locks_form.js" */
/** @import { Pin } from "./moments.js" */
/** @import { QuestionAsked } from "./question_desk.js" */
/** @import { Spotlight } from "./stage.js" */
/** @import { SeatShown } from "./tile.js" */
/**
 * @typedef {object} Board
 * @property {string} code
 * @property {string} address
 * @property {string} qr an SVG
 * @property {boolean} closed whether nobody can join
 * @property {number} empty seats at which no page was opened
 * @property {boolean} paused
 * @property {boolean} nameless
 * @property {string | null} sent the watch id of the run that was sent
 * @property {{ id: string, title: string }[]} own the teacher's runs
 * @property {Spotlight | null} spotlight
 * @property {QuestionAsked | null} question
 * @property {Pin[]} [pins] where they are new
 * @property {Limits} limits of each seat
 * @property {Locks} locks
 * @property {string | null} trouble
 * @property {SeatShown[]} seats
 */

const RETRY = 2000; // ms
const END =
  "End the class? All seats are taken away. The runs of the students stay saved on this computer. If students are to " +
  "take theirs home, download the records first: afterwards nobody has a seat.";

const link = found(".link");
const heading = found("main h1");
const hint = found(".hint");
const seats = found(".seats");
/** @type {Map<number, Tile>} */
const tiles = new Map();
/** @type {Board | undefined} */
let board;

/** @param {object} said */
async function act(said) {
  const refused = await ask("act", said);
  if (refused !== null) write(link, refused);
}

const pause = button("", () => act({ do: board?.paused ? "resume" : "pause" }), "primary");
const names = button("", () => act({ do: "names", shown: Boolean(board?.nameless) }));
const door = button("", () => act({ do: "door", closed: !board?.closed }));
const code = button("New join code", () => act({ do: "code" }));
const end = button("End the class", () => window.confirm(END) && act({ do: "end" }));
const lab = element("a", { href: "../", target: "_blank" }, "Your own lab");
const records = element("a", { href: "records", download: "" }, "Records (zip)");
found(".actions").append(pause, code, door, names, end, lab, records);
const clear = button("", () => act({ do: "clear" }));
hint.after(clear);

const choice = element("select", { id: "own" });
const send = button("Send to all", () => act({ do: "send", run: choice.value }));
const recall = button("Take it back", () => act({ do: "recall" }));
const sent = element("p", { class: "muted" });
const label = element("label", { for: "own" }, "One of your own runs");
found(".sending").append(label, choice, send, recall, sent);

const limits = new LimitsForm((now) => act({ do: "limit", limits: now }));
found(".limits").append(limits.node);
const locks = new LocksForm((groups) => act({ do: "lock", groups }));
found(".locks").append(locks.node);
const stage = new Stage(act);
const panel = new QuestionPanel(act);
found(".asking").append(questionForm(act));
const moments = new Moments(act);
found("main").prepend(panel.node, stage.node, moments.stage, moments.shelf);

/** @param {Board} now */
function show(now) {
  board = now;
  limits.show(now.limits);
  locks.show(now.locks);
  stage.show(now.spotlight);
  panel.show(now.question);
  moments.show(now.pins);
  found(".entrance").dataset.closed = String(now.closed);
  found(".closed").hidden = !now.closed;
  write(door, now.closed ? "Open the door" : "Close the door");
  clear.hidden = !now.empty;
  write(clear, `Take ${now.empty} empty ${now.empty === 1 ? "seat" : "seats"} away`);
  write(found(".address"), now.address.replace(/^https?:\/\//, ""));
  write(found("p.code"), now.code);
  const qr = found(".qr");
  if (qr.dataset.of !== now.qr) {
    qr.dataset.of = now.qr;
    qr.innerHTML = now.qr;
  }
  write(pause, now.paused ? "Let the class go on" : "Pause the class");
  write(names, now.nameless ? "Show names" : "Hide names");
  showOwn(now);
  write(link, now.trouble ?? "");
  const count = now.seats.length;
  write(heading, `${count} ${count === 1 ? "seat" : "seats"}${now.paused ? ", paused by you" : ""}`);
  write(hint, count ? "Runs that need help come first." : "Nobody has joined yet.");
  showSeats(now.seats);
}

/** @param {Board} now */
function showOwn({ own, sent: shown }) {
  const offered = own.map(({ id }) => id).join();
  if (choice.dataset.offered !== offered) {
    const chosen = choice.value;
    choice.dataset.offered = offered;
    choice.replaceChildren(...own.map(({ id, title }) => element("option", { value: id }, title)));
    if (own.some(({ id }) => id === chosen)) choice.value = chosen;
  } else own.forEach(({ title }, at) => write(choice.options[at], title));
  label.hidden = choice.hidden = send.hidden = !own.length;
  recall.hidden = !shown;
  const title = own.find(({ id }) => id === shown)?.title;
  const is = shown ? `Sent to all${title ? `: ${title}` : ""}. Every page shows it.` : "Nothing is sent.";
  write(sent, own.length ? is : "Open your own lab first: its runs can be sent to all.");
}

/** @param {SeatShown[]} shown */
function showSeats(shown) {
  const numbers = new Set(shown.map(({ number }) => number));
  for (const [number, tile] of tiles) {
    if (numbers.has(number)) continue;
    tile.node.remove();
    tiles.delete(number);
  }
  const choosing = seats.querySelector("details[open]") !== null; // or the tile would go from under the pointer
  for (const [place, seat] of shown.entries()) {
    const tile = tiles.get(seat.number) ?? new Tile(actions);
    tiles.set(seat.number, tile);
    const stays = choosing && tile.node.isConnected;
    if (!stays && seats.children[place] !== tile.node) seats.insertBefore(tile.node, seats.children[place] ?? null);
    tile.show(seat); // on the page by now, where it has the colours that it draws with
  }
}

const actions = { "Show to all": spotlight, "Pin this moment": pin, "Take the seat away": remove };

/** @param {SeatShown} seat */
function spotlight({ watch, name }) {
  act({ do: "spotlight", run: watch, named: Boolean(name) });
  window.scrollTo({ top: 0 });
}

/** @param {SeatShown} seat */
function pin({ watch }) {
  act({ do: "pin", run: watch });
}

/** @param {SeatShown} seat */
function remove({ name, number }) {
  const who = name || `Seat ${number}`;
  if (window.confirm(`Take the seat of ${who} away? This student has to join again, and gets another name.`)) {
    act({ do: "remove", seat: number });
  }
}

function connect() {
  const address = new URL("wall", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  socket.onmessage = ({ data }) => show(JSON.parse(data));
  socket.onclose = ({ reason }) => {
    write(link, reason || "The server does not answer. The board tries again.");
    setTimeout(connect, RETRY);
  };
}

connect();
