// @ts-check
// The live views of one run, mounted by Streamlit: see ganlab/ui/train/live_view.py for the data that it is given.

import { Board } from "./board.js";
import { addressOf, Channel } from "../base/channel.js";
import { Painter } from "../base/painter.js";
import { element } from "../base/dom.js";
import { mountWithCards } from "../base/cards.js";
import { leaveKeysToControls } from "../base/keyboard.js";
import { addStyles, themeOf, enlargementOf } from "../base/stage.js";
import { StateWatch } from "../base/state_watch.js";
import { Intro } from "./intro.js";
import { Status } from "./status.js";

/** @import { Frame, Link, LiveData, Send, Theme } from "../base/types.js" */

const BELOW = 24; // pixels of the window beneath the views

class LiveRoom {
  /** @type {LiveData} */
  data;
  /** @type {Send} */
  send;
  /** @type {URL} */
  assets;
  /** @type {Theme} */
  theme;
  /** @type {Frame | undefined} the newest */
  frame;
  /** @type {Board | undefined} */
  board;
  /** @type {Channel | undefined} */
  channel;
  frames = 0; // since it was mounted
  period = 1; // ms from one drawing of the words to the next, at least

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.painter = new Painter();
    this.status = new Status();
    this.states = new StateWatch((state) => this.send("state", state));
    this.intro = new Intro(() => this.send("visit", { tour: "1" }));
    this.status.line.append(this.intro.back);
    this.node = element(
      "div",
      { class: "lab", "data-frames": "0" },
      this.status.line,
      this.intro.node,
      this.status.comment,
    );
    root.append(this.node);
    this.giveKeysBack = leaveKeysToControls();
    this.observer = new ResizeObserver(() => this.#reserve());
    this.observer.observe(this.node);
    this.onVisibility = () => this.#want();
    document.addEventListener("visibilitychange", this.onVisibility);
  }

  /**
   * @param {LiveData} data
   * @param {Send} send
   */
  accept(data, send) {
    const before = this.data;
    this.data = data;
    this.send = send;
    this.assets = new URL(data.assets, document.baseURI);
    this.node.style.setProperty("--reserved", `${data.reserved_height}px`);
    addStyles(this, "board/live.css");
    this.#retheme();
    this.intro.accept(data.intro);
    if (before?.run_id !== data.run_id || String(before.cards) !== String(data.cards)) {
      this.#open();
    }
    if (!this.frame) this.status.expect(data);
    this.states.compare(this.frame?.state, this.data.state);
  }

  close() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.giveKeysBack();
    this.observer.disconnect();
    this.states.close();
    this.channel?.close();
    this.board?.close();
    this.painter.close();
    this.status.close();
    this.node.remove();
  }

  /**
   * What leads to the node of the Model page that a view is about; undefined where there is none.
   *
   * @param {string} view
   */
  visitOf(view) {
    const node = this.data.nodes[view];
    return node ? () => this.send("visit", { node }) : undefined;
  }

  // The views fill the window from where they begin, which depends on how often the lines above them wrap.
  #reserve() {
    const root = this.root.getRootNode();
    const page = root instanceof ShadowRoot ? root.host.closest("[data-testid=stMain]") : null;
    if (!page || !this.board) return;
    const above = this.board.node.getBoundingClientRect().top - page.getBoundingClientRect().top + page.scrollTop;
    this.node.style.setProperty("--reserved", `${Math.round(above / enlargementOf(this.node)) + BELOW}px`);
  }

  #open() {
    this.channel?.close();
    this.board?.close();
    this.frame = undefined;
    this.states.told = undefined;
    this.status.expect(this.data);
    this.board = new Board(this, this.status.extras, () => this.#want());
    this.node.append(this.board.node);
    this.channel = new Channel(addressOf(this.data.run_id), {
      frame: (frame) => this.#take(frame),
      link: (link) => this.#link(link),
    });
    this.#want();
  }

  // A view asks for more, or less, than before.
  wants() {
    this.#want();
  }

  // A tab that nobody sees asks for nothing, so that nothing is computed for it.
  #want() {
    this.channel?.want(document.hidden ? [] : [...(this.board?.wanted() ?? []), "commentary"]);
  }

  /** @param {Frame} frame */
  #take(frame) {
    if (this.frame && frame.build !== this.frame.build) this.board?.reset();
    this.frame = frame;
    this.frames += 1;
    this.board?.take(frame);
    this.painter.mark(this);
    this.states.compare(this.frame?.state, this.data.state);
  }

  // The words above the views change in the animation frame in which these are drawn: each one costs the browser much.
  draw() {
    if (!this.frame) return;
    this.#retheme();
    this.status.show(this.frame);
    this.node.dataset.frames = String(this.frames);
    this.node.dataset.iteration = String(this.frame.iteration);
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
    this.board?.retheme();
  }
}

export default mountWithCards(LiveRoom);
