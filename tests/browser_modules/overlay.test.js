// Curves of several runs in one chart: smoothed without bias, and over seconds of training.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isMeasured, SCALARS, secondsAt, smoothed } from "../../ganlab/browser/compare/overlay.js";

test("without weight, values are as they are", () => {
  assert.deepEqual([...smoothed(Float32Array.of(3, 1, 2), 0)], [3, 1, 2]);
});

test("a constant curve stays where it is from its first value on", () => {
  for (const value of smoothed(new Float32Array(20).fill(5), 0.9)) assert.ok(Math.abs(value - 5) < 1e-5);
});

test("smoothing follows the closed form of the unbiased moving average", () => {
  const [first, second] = smoothed(Float32Array.of(0, 1), 0.6);
  assert.equal(first, 0);
  assert.ok(Math.abs(second - 0.4 / (1 - 0.6 ** 2)) < 1e-6);
});

test("a value that is no number leaves a gap and does not spoil what follows", () => {
  const [, gap, after] = smoothed(Float32Array.of(2, NaN, 2), 0.6);
  assert.ok(Number.isNaN(gap));
  assert.ok(Math.abs(after - 2) < 1e-6);
});

test("seconds lie between the times at which the clock was read", () => {
  const clock = { x: Float32Array.of(0, 100, 300), seconds: Float32Array.of(0, 10, 20) };
  assert.deepEqual([...secondsAt([0, 50, 100, 200, 300], clock)], [0, 5, 10, 15, 20]);
});

test("without a clock there are no seconds; with one reading, all are the same", () => {
  assert.equal(secondsAt([1, 2], undefined).length, 0);
  const clock = { x: Float32Array.of(0), seconds: Float32Array.of(3) };
  assert.deepEqual([...secondsAt([1, 2], clock)], [3, 3]);
});

test("every scalar has a name of its own", () => {
  const names = Object.values(SCALARS).map(({ name }) => name);
  assert.ok(names.every(Boolean));
  assert.equal(new Set(names).size, names.length);
});

test("modes are offered only where some run's modes are known", () => {
  const [images, points] = [{ modes_known: false }, { modes_known: true }];
  assert.ok(!isMeasured(SCALARS.high_quality, [images]));
  assert.ok(isMeasured(SCALARS.high_quality, [images, points]));
  assert.ok(isMeasured(SCALARS.loss_d, [images]));
});
