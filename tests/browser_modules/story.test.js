// What is said of a remedy is what Python judged; the browser judges nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { told } from "../../ganlab/browser/collapse/story.js";

const sentence = (template, values = {}) => ({ template, values });

test("the verdict and its evidence are told as they came", () => {
  const trial = {
    effect: "cures",
    headline: sentence("It cures the collapse."),
    evidence: sentence("{a:.1f} → 8.0", { a: 2 }),
  };
  assert.deepEqual(told(trial), { kind: "good", headline: "It cures the collapse.", evidence: "2.0 → 8.0", note: "" });
});

test("nothing is told of a twin, nor before both were looked at", () => {
  assert.equal(told({ total: 8 }), null);
  assert.equal(told(undefined), null);
});

test("a run that was changed by hand is not compared, whatever was judged before", () => {
  assert.equal(told({ changed: true, effect: "cures" }).headline, "Not compared.");
});
