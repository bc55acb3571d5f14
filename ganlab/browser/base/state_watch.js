// @ts-check
// Python reruns only when something tells it to: so it hears of a run that failed, finished or paused by itself.

/** @import { StateName } from "./types.js" */

const SETTLING = 250; // ms that a state must differ from Python's before Python is told: it may be on its way

export class StateWatch {
  /** @type {StateName | undefined} */
  seen;
  /** @type {StateName | null | undefined} */
  known;
  /** @type {StateName | "gone" | undefined} */
  told;
  /** @type {number | undefined} */
  settling;

  /** @param {(state: StateName | "gone") => void} tell called once with each state that lasts and that Python lacks */
  constructor(tell) {
    this.tell = tell;
  }

  /**
   * The wait is not begun anew by each frame: they come faster than it is long.
   *
   * @param {StateName | undefined} seen the newest frame's state, if there is one
   * @param {StateName | null} known the one that the page was drawn with
   */
  compare(seen, known) {
    Object.assign(this, { seen, known });
    if (!this.#differs()) {
      this.close();
      this.told = undefined;
      return;
    }
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      if (this.seen && this.#differs()) this.say(this.seen);
    }, SETTLING);
  }

  /** @param {StateName | "gone"} state */
  say(state) {
    if (this.told === state) return;
    this.told = state;
    this.tell(state);
  }

  close() {
    clearTimeout(this.settling);
    this.settling = undefined;
  }

  #differs() {
    return this.seen !== undefined && this.seen !== this.known;
  }
}
