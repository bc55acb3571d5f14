// When views are drawn: at once if they are due, together if they can be, and never more often than they ask.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Painter } from "../../ganlab/browser/base/painter.js";

const FRAME = 16; // ms from one animation frame of the browser to the next
let now = 0;
let frames = 0; // animation frames asked for

mock.timers.enable({ apis: ["setTimeout"] });
globalThis.performance.now = () => now;
globalThis.cancelAnimationFrame = globalThis.clearTimeout;
globalThis.requestAnimationFrame = (draw) => {
  frames += 1;
  return globalThis.setTimeout(draw, FRAME);
};

const pass = (ms) => {
  for (let i = 0; i < ms; i++) {
    now += 1;
    mock.timers.tick(1);
  }
};

const view = (period, takes = 0) => ({
  period,
  drawn: [],
  draw() {
    this.drawn.push(now);
    now += takes;
  },
});

beforeEach(() => {
  pass(2000);
  frames = 0;
});

test("what is due is drawn in the next animation frame, even while another waits", () => {
  const [painter, slow, quick] = [new Painter(), view(500), view(0)];
  painter.mark(slow);
  pass(FRAME + 1);
  painter.mark(slow);
  pass(100);
  painter.mark(quick);
  pass(FRAME + 1);
  assert.equal(quick.drawn.length, 1);
  assert.equal(slow.drawn.length, 1, "its period has not passed");
});

test("a view that falls due between two frames of the run is drawn with the next of them", () => {
  const [painter, slow, quick] = [new Painter(), view(500), view(0)];
  const begun = now;
  for (; now < begun + 6000; pass(200)) [slow, quick].forEach((each) => painter.mark(each));
  assert.equal(frames, quick.drawn.length, "no animation frame for the slow one alone");
  assert.equal(quick.drawn.length, 30);
  assert.equal(slow.drawn.length, 10, "every 600 ms");
});

test("without a next frame it is drawn by itself", () => {
  const [painter, slow] = [new Painter(), view(500)];
  painter.mark(slow);
  pass(100);
  painter.mark(slow);
  pass(1000);
  assert.equal(slow.drawn.length, 2);
});

test("a long drawing ends the slice, and the processor rests before the next", () => {
  const [painter, one, other] = [new Painter(), view(100, 20), view(200, 20)];
  painter.mark(one);
  painter.mark(other);
  pass(200);
  assert.ok(other.drawn[0] - one.drawn[0] >= 20 + 3 * 20);
});
