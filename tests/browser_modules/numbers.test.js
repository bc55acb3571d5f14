// Numbers as people read them, and axes that keep still.

import assert from "node:assert/strict";
import { test } from "node:test";

import { figure, last, roundEnd, short, span, SteadyRange } from "../../ganlab/browser/base/numbers.js";

for (const [value, text] of [
  [0, "0"],
  [1.3863, "1.39"],
  [-0.5, "−0.50"],
  [0.0213, "0.021"],
  [12.34, "12.3"],
  [4e-7, "4.0e−7"],
  [2.5e6, "2.5e6"],
  [NaN, "–"],
]) {
  test(`${value} is written ${text}`, () => assert.equal(figure(value), text));
}

for (const [value, text] of [
  [999, "999"],
  [12300, "12.3 k"],
  [1e6, "1 M"],
]) {
  test(`${value} parameters are ${text}`, () => assert.equal(short(value), text));
}

for (const [iterations, end] of [
  [0, 20],
  [NaN, 20],
  [21, 25],
  [1001, 1250],
  [9000, 10000],
]) {
  test(`the axis of ${iterations} iterations ends at ${end}`, () => assert.equal(roundEnd(iterations), end));
}

test("axes keep still while curves wobble, and follow when they must", () => {
  const range = new SteadyRange();
  const [first, second, third, wider, same, closer] = [
    [0.1, 0.9],
    [0.15, 0.8],
    [0.2, 0.95],
    [0.2, 1.3],
    [0.2, 0.9],
    [0.5, 0.6],
  ].map(([lo, hi]) => range.fit(lo, hi));
  assert.deepEqual(second, first);
  assert.deepEqual(third, first);
  assert.ok(wider[1] >= 1.3);
  assert.deepEqual(same, wider);
  assert.ok(closer[1] - closer[0] < 0.5);
});

test("the span of arrays is that of their finite values", () => {
  assert.deepEqual(span([3, NaN, -1], null, [Infinity, 2]), [-1, 3]);
  assert.deepEqual(span([], [NaN]), [0, 1]);
});

test("the last of no values is not a number", () => {
  assert.equal(last([1, 2]), 2);
  assert.ok(Number.isNaN(last([])));
  assert.ok(Number.isNaN(last(undefined)));
});
