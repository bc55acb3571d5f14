// The linear algebra of sliders and cursors.

import assert from "node:assert/strict";
import { test } from "node:test";

import { onPlane, plus, rowsOf, zeros } from "../../ganlab/browser/base/vectors.js";

test("a matrix that came as one array has its rows", () => {
  const matrix = Object.assign(Float32Array.of(1, 2, 3, 4, 5, 6), { shape: [2, 3] });
  assert.deepEqual(rowsOf(matrix), [
    [1, 2, 3],
    [4, 5, 6],
  ]);
});

test("a plane goes through its origin along its directions", () => {
  const plane = {
    origin: [1, 0, 0],
    directions: [
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
  assert.deepEqual(onPlane(plane, 0, 0), plane.origin);
  assert.deepEqual(onPlane(plane, 2, -3), [1, 2, -3]);
});

test("sums are taken element by element", () => {
  assert.deepEqual(plus([1, 2], [10, 20], -0.5), [-4, -8]);
  assert.deepEqual(plus(zeros(2), [1, 2]), [1, 2]);
});
