// Python hears of a state that lasts and that its page was not drawn with; once.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { StateWatch } from "../../ganlab/browser/base/state_watch.js";

const LONG = 1000; // ms: longer than a state must last

function watching(act) {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const told = [];
    act(new StateWatch((state) => told.push(state)), told);
  } finally {
    mock.timers.reset();
  }
}

test("a state that lasts is told once, however many frames come", () =>
  watching((states, told) => {
    for (let frame = 0; frame < 20; frame++) {
      states.compare("finished", "running");
      mock.timers.tick(100);
    }
    assert.deepEqual(told, ["finished"]);
  }));

test("a state that Python learns in time is not told", () =>
  watching((states, told) => {
    states.compare("paused", "running");
    states.compare("paused", "paused");
    mock.timers.tick(LONG);
    assert.deepEqual(told, []);
  }));

test("after Python has caught up, the next change is told again", () =>
  watching((states, told) => {
    states.compare("paused", "running");
    mock.timers.tick(LONG);
    states.compare("paused", "paused");
    states.compare("running", "paused");
    mock.timers.tick(LONG);
    states.compare("running", "running");
    states.compare("paused", "running");
    mock.timers.tick(LONG);
    assert.deepEqual(told, ["paused", "running", "paused"]);
  }));

test("nothing is told after the end", () =>
  watching((states, told) => {
    states.compare("paused", "running");
    states.close();
    mock.timers.tick(LONG);
    assert.deepEqual(told, []);
  }));
