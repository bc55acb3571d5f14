// @ts-check
// The socket to the server: frames come in, "I want these views" goes out; it reconnects by itself.

import { decode } from "./frame.js";

/** @import { Frame, Link } from "./types.js" */
/** @typedef {{ frame(frame: Frame): void, link(link: Link): void }} Listener */

const FIRST_WAIT = 250; // ms; doubled at each failure
const LONGEST_WAIT = 8000;
const NO_SUCH_RUN = 4404;
const REFUSED = 4403;

/**
 * Relative to the page, as Streamlit's own addresses are: a proxy may serve the app under a path of its own.
 * @param {string} runId
 */
export function addressOf(runId) {
  const address = new URL(`live/${encodeURIComponent(runId)}`, document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  return address;
}

export class Channel {
  /** @type {WebSocket | undefined} */
  socket;
  /** @type {number | undefined} set while a new try is waited for */
  timer;

  /**
   * @param {URL} address
   * @param {Listener} on called when a frame has come, and when the connection changes
   */
  constructor(address, on) {
    this.address = address;
    this.on = on;
    /** @type {string[]} */
    this.views = [];
    this.wait = FIRST_WAIT;
    this.closed = false;
    // A laptop that wakes, or a tab that is looked at again, should not sit out a long wait.
    this.wake = () => this.#reconnectNow();
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.#connect();
  }

  /** @param {string[]} views */
  want(views) {
    if (views.join() === this.views.join()) return;
    this.views = views;
    this.#say();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    const { socket } = this;
    // One that is not open yet would complain in the console.
    if (socket?.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket?.close();
  }

  #connect() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const socket = (this.socket = new WebSocket(this.address));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#say();
      this.on.link("open");
    };
    socket.onmessage = ({ data }) => {
      if (this.closed || socket !== this.socket) return;
      this.wait = FIRST_WAIT; // only a frame proves that all is well: a refused socket opens too
      this.on.frame(decode(data));
    };
    socket.onclose = ({ code }) => {
      if (this.closed || socket !== this.socket) return;
      if (code === NO_SUCH_RUN) return this.on.link("gone");
      if (code === REFUSED) return this.on.link("refused");
      this.on.link("lost");
      this.timer = setTimeout(() => this.#connect(), this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    };
  }

  #reconnectNow() {
    if (this.timer !== undefined && !document.hidden) this.#connect();
  }

  #say() {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ views: this.views }));
  }
}
