// Captions of a strip never lie over one another.

import assert from "node:assert/strict";
import { test } from "node:test";

import { withRoom } from "../../ganlab/browser/latent/captions.js";

const centres = [20, 60, 100, 140, 180];

test("all are written where all have room", () => {
  assert.deepEqual(withRoom([30, 30, 30, 30, 30], centres, 2).toSorted(), [0, 1, 2, 3, 4]);
});

test("a long one in the middle takes its neighbours' place, and the ends stay", () => {
  assert.deepEqual(withRoom([30, 30, 90, 30, 30], centres, 2).toSorted(), [0, 2, 4]);
});

test("the middle one is written even if nothing else can be", () => {
  assert.deepEqual(withRoom([30, 30, 400, 30, 30], centres, 2), [2]);
});
