// What is counted of a run, and where it is read from.

import assert from "node:assert/strict";
import { test } from "node:test";

import { counted, coverageOf } from "../../ganlab/browser/collapse/tally.js";

test("known points have modes, images have classes once a classifier names them", () => {
  const [modes, classes] = [{ total: 8 }, { state: "ready", total: 10 }];
  assert.equal(coverageOf({ views: { modes, classes } }), modes);
  assert.equal(coverageOf({ views: { classes } }), classes);
  assert.equal(coverageOf({ views: { classes: { state: "training" } } }), undefined);
  assert.equal(coverageOf(undefined), undefined);
});

test("ten modes of points are modes, ten classes of images are classes, a thousand are modes again", () => {
  assert.equal(counted({ total: 10, high_quality: Float32Array.of(1) }), "modes");
  assert.equal(counted({ total: 10 }), "classes");
  assert.equal(counted({ total: 1000 }), "modes");
});
