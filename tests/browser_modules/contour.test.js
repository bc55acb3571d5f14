// The line where a grid crosses a level, held against shapes whose contour is known.

import assert from "node:assert/strict";
import { test } from "node:test";

import { contour } from "../../ganlab/browser/drawing/contour.js";

const SIDE = 64;

function segmentsOf(values, rows, columns, level) {
  const found = [];
  contour(values, rows, columns, level, (...ends) => found.push(ends));
  return found;
}

test("the contour of a cone is a circle", () => {
  const place = (index) => (2 * index) / (SIDE - 1) - 1;
  const cone = Array.from({ length: SIDE * SIDE }, (_, i) => Math.hypot(place(i % SIDE), place(Math.floor(i / SIDE))));
  const segments = segmentsOf(cone, SIDE, SIDE, 0.5).map((ends) => ends.map(place));
  for (const [x1, y1, x2, y2] of segments) {
    assert.ok(Math.abs(Math.hypot(x1, y1) - 0.5) < 1e-3);
    assert.ok(Math.abs(Math.hypot(x2, y2) - 0.5) < 1e-3);
  }
  const length = segments.reduce((sum, [x1, y1, x2, y2]) => sum + Math.hypot(x2 - x1, y2 - y1), 0);
  assert.ok(Math.abs(length - Math.PI) < 1e-3 * Math.PI);
});

for (const [middle, joined] of [
  [0.6, true],
  [0.4, false],
]) {
  test(`a saddle whose middle is ${middle} is ${joined ? "joined" : "parted"} across it`, () => {
    const [low, high] = [0, 2 * middle]; // corners: high, low, high, low; their mean is the middle
    const segments = segmentsOf([high, low, low, high], 2, 2, 0.5);
    assert.equal(segments.length, 2);
    const cutsOffALowCorner = segments.some(([x1, y1, x2, y2]) => x1 + x2 > y1 + y2);
    assert.equal(cutsOffALowCorner, joined);
  });
}

test("a grid that does not cross the level has no contour", () => {
  assert.deepEqual(segmentsOf([1, 1, 1, 1], 2, 2, 0.5), []);
  assert.deepEqual(segmentsOf([0, 0, 0, 0], 2, 2, 0.5), []);
});
