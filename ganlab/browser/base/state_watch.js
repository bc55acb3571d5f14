// Python reruns only when something tells it to: so it hears of a run that failed, finished or paused by itself.

const SETTLING = 250; // ms that a state must differ from Python's before Python is told: it may be on its way

export class StateWatch {
  // tell(state): the state that lasts, and that the page was not drawn with; once for each.
  constructor(tell) {
    this.tell = tell;
  }

  // seen: the newest frame's state, if there is one; known: the one that the page was drawn with.
  // The wait is not begun anew by each frame: they come faster than it is long.
  compare(seen, known) {
    Object.assign(this, { seen, known });
    if (!this.#differs()) {
      this.close();
      this.told = undefined;
      return;
    }
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      if (this.#differs()) this.say(this.seen);
    }, SETTLING);
  }

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
