// What is turned in space, laid out in squares, or on its way from noise to samples, is where plain geometry puts it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { seen, turnedOn } from "../../ganlab/browser/chart/turning.js";
import { blend, gridOfLatents } from "../../ganlab/browser/drawing/morph.js";
import { squares } from "../../ganlab/browser/drawing/square.js";

const near = (found, expected) => found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-12));

test("from straight above, the plane is seen as it is, and what is high is near", () => {
  near(seen([0.3, -0.7, 0.4], { around: 0, tilt: Math.PI / 2 }), [0.3, -0.7, -0.4]);
});

test("from the side, heights are seen as they are, and what is far is far", () => {
  near(seen([0.3, -0.7, 0.4], { around: 0, tilt: 0 }), [0.3, 0.4, -0.7]);
});

test("a quarter turn moves what was at the right to the back; no turn changes how far apart places are", () => {
  near(seen([1, 0, 0], { around: Math.PI / 2, tilt: 0 }), [0, 0, 1]);
  const turn = { around: 0.7, tilt: 0.4 };
  const [a, b] = [seen([0.2, -0.5, 0.1], turn), seen([-0.6, 0.3, 0.9], turn)];
  assert.ok(Math.abs(Math.hypot(...a.map((value, i) => value - b[i])) - Math.hypot(0.8, 0.8, 0.8)) < 1e-12);
});

test("it is never seen from below", () => {
  assert.ok(turnedOn({ around: 0, tilt: 0.3 }, 0, -5).tilt > 0);
  assert.equal(turnedOn({ around: 0, tilt: 0.3 }, 0, 5).tilt, Math.PI / 2);
});

test("squares stand side by side, or beneath each other on a narrow canvas, and all of them are on it", () => {
  for (const [width, height] of [
    [900, 300],
    [300, 1000],
    [320, 320],
  ]) {
    const found = squares(3, width, height, 2);
    for (const { area, x, y } of found) {
      assert.ok(area.left >= 0 && area.top >= 0, `${width}`);
      assert.ok(area.left + area.width <= width && area.top + area.height <= height, `${width}`);
      assert.deepEqual(
        [x(-2), x(2), y(2), y(-2)],
        [area.left, area.left + area.width, area.top, area.top + area.height],
      );
    }
    const [first, second] = found.map(({ area }) => area);
    assert.ok(second.left >= first.left + first.width || second.top >= first.top + first.height);
  }
});

test("the way from noise to samples begins at the square grid and ends at what G makes of it", () => {
  const bent = Object.assign(
    Float32Array.from({ length: 18 }, (_, i) => i),
    { shape: [3, 3, 2] },
  );
  const grid = gridOfLatents(bent, 2);
  assert.deepEqual([...grid.slice(0, 6)], [-2, -2, -2, 0, -2, 2]); // the first coordinate goes with the rows
  assert.deepEqual([...blend(grid, bent, 0)], [...grid]);
  assert.deepEqual([...blend(grid, bent, 1)], [...bent]);
  assert.equal(blend(grid, bent, 0.25)[1], -2 + 0.25 * 3);
  const line = Object.assign(new Float32Array(6), { shape: [3, 1, 2] });
  assert.deepEqual([...gridOfLatents(line, 1)], [-1, 0, 0, 0, 1, 0]);
});
