// The looks at several pairs, as curves.

import assert from "node:assert/strict";
import { test } from "node:test";

import { columns } from "../../ganlab/browser/collapse/pairs.js";

test("each pair has a curve, and their mean one more", () => {
  const rows = Object.assign(Float32Array.of(1, 3, 5, 7, 8, 9), { shape: [3, 2] });
  assert.deepEqual(columns(rows, 1), {
    each: [
      [1, 5, 8],
      [3, 7, 9],
    ],
    mean: [2, 6, 8.5],
  });
});
