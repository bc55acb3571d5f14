// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { inWords, nearestToTheData } from "../../ganlab/browser/wall/nearest.js";

const distances = Float32Array.of(0.05, 0.011, 0.01, NaN, -0.001, 0.001);

test("the nearest member, and those that are as near but for chance", () => {
  assert.deepEqual(nearestToTheData(distances, 0.003, {}), [4, 5]);
  assert.deepEqual(nearestToTheData(distances, 0.003, { 4: "broke", 5: "broke" }), [2, 1]);
});

test("before the first iteration none is named", () => {
  assert.deepEqual(nearestToTheData(Float32Array.of(NaN, NaN), 0.003, {}), []);
  assert.equal(inWords([], distances, []), "");
});

test("the sentence names them, and says where even the nearest is far", () => {
  const titles = ["a", "b", "c", "d", "e", "f"];
  assert.equal(inWords([4, 5], distances, titles), "★ Nearest to the data (0): e; f.");
  assert.equal(
    inWords([2, 1, 5, 4], distances, titles),
    "★ Nearest to the data (0.010): c; b; f; and 1 more that are as near.",
  );
  assert.match(inWords([0], distances, titles), /still far from the data\.$/);
});
