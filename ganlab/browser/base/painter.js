// @ts-check
// When to draw what: never while the previous drawing goes on, never more than the browser can bear.
//
// The machine that draws is often the one that trains. So each animation frame draws what has waited longest, for a
// few milliseconds, and then leaves the processor alone for longer than it took.

/**
 * What can be drawn, at least `period` milliseconds apart, and not while it is known to be out of sight.
 *
 * @typedef {{ draw(): unknown, period: number, onScreen?: boolean }} Drawable
 */

const SLICE = 8; // ms of drawing before the browser gets its turn
const NEVER = -1e9; // the time at which a view that was never drawn was drawn: those with short periods come first
const REST = 3; // ms of rest for each ms of drawing
const TOGETHER = 250; // ms: a view that is due waits so long for the next frame, since each time costs the browser more
// than the drawing itself

export class Painter {
  /** @type {number | undefined} */
  timer;
  /** @type {number | undefined} */
  request;
  at = 0; // when the timer is to ring
  rested = 0; // when the processor has been left alone for long enough

  constructor() {
    /** @type {Map<Drawable, number>} when each that waits was last drawn */
    this.waiting = new Map();
    /** @type {WeakMap<Drawable, number>} */
    this.drawn = new WeakMap();
  }

  /**
   * Ask for a view to be drawn.
   *
   * @param {Drawable} view
   */
  mark(view) {
    if (view.onScreen === false) return;
    this.waiting.set(view, this.drawn.get(view) ?? NEVER);
    this.#schedule();
  }

  /** @param {Drawable} view */
  drop(view) {
    this.waiting.delete(view);
  }

  close() {
    this.waiting.clear();
    clearTimeout(this.timer);
    if (this.request !== undefined) cancelAnimationFrame(this.request);
  }

  #schedule() {
    if (this.request !== undefined || !this.waiting.size) return;
    const now = performance.now();
    const at = Math.max(this.rested, this.#next(now));
    if (this.timer !== undefined && this.at <= at) return;
    clearTimeout(this.timer);
    this.at = at;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.request = requestAnimationFrame(() => {
        this.request = undefined;
        this.#paint();
      });
    }, at - now);
  }

  #paint() {
    const start = performance.now();
    for (const view of this.#due(start)) {
      this.waiting.delete(view);
      this.drawn.set(view, performance.now());
      view.draw();
      if (performance.now() - start > SLICE) break;
    }
    const now = performance.now();
    this.rested = now + (now - start) * REST;
    this.#schedule();
  }

  /**
   * Those whose period has passed, the most overdue (for its period) first.
   *
   * @param {number} now
   */
  #due(now) {
    /** @param {[Drawable, number]} entry */
    const lateness = ([view, drawn]) => (now - drawn) / view.period;
    return [...this.waiting]
      .filter((entry) => lateness(entry) >= 1)
      .sort((a, b) => lateness(b) - lateness(a))
      .map(([view]) => view);
  }

  /**
   * When to draw next: now if a view is due, else a while after the first will be.
   *
   * @param {number} now
   */
  #next(now) {
    const due = Math.min(...[...this.waiting].map(([view, drawn]) => drawn + view.period));
    return due <= now ? now : due + TOGETHER;
  }
}
