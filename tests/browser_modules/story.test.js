// A remedy is judged by the fork, and by the run that went on without it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { verdict } from "../../ganlab/browser/collapse/story.js";

for (const [remedied, without, words] of [
  [{ then: 0, now: 8 }, { now: 0 }, "It cures the collapse."],
  [{ then: 0, now: 8 }, { now: 8 }, "No better than without it"],
  [{ then: 8, now: 7 }, { now: 8 }, "There was nothing to cure"],
  [{ then: 8, now: 0 }, { now: 8 }, "It has made it worse"],
  [{ then: 8, now: 0 }, { now: 0 }, "There was nothing to cure"],
  [{ then: 3, now: 2 }, { now: 3 }, "It has made it worse"],
]) {
  test(`from ${remedied.then} modes to ${remedied.now}, with ${without.now} without it: ${words}`, () => {
    const [, said] = verdict({ ...remedied, looks: 9 }, { ...without, looks: 9 }, 8);
    assert.ok(said.includes(words), said);
  });
}

test("after two looks it is too early to say", () => {
  assert.deepEqual(verdict({ then: 0, now: 8, looks: 2 }, { now: 0, looks: 9 }, 8), ["wait", "Too early to say."]);
});
