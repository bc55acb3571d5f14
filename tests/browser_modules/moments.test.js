// Early, in the middle and now: which of the kept moments are offered.

import assert from "node:assert/strict";
import { test } from "node:test";

import { threeMoments } from "../../ganlab/browser/model/moments.js";

for (const [kept, now, expected] of [
  [[], 30, [null]],
  [[50], 60, [50, null]],
  [[50], 50, [null]],
  [[50, 200, 800, 3200], 5000, [50, 800, null]],
  [[4000, 16000], 20000, [4000, 16000, null]],
]) {
  test(`of ${kept.join(", ") || "none"} at ${now}`, () => {
    const found = threeMoments(kept, now);
    assert.deepEqual(
      found.map(({ iteration }) => iteration),
      expected,
    );
    assert.equal(found.at(-1).name, "Now");
  });
}
