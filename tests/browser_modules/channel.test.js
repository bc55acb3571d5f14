// The socket to the server: what is said when it closes, and that only a lost connection is tried again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { linkWords } from "../../ganlab/browser/base/words.js";

/** A browser whose sockets open and close as the test says. */
class Socket {
  static CONNECTING = 0;
  static OPEN = 1;
  static opened = [];
  readyState = Socket.CONNECTING;

  constructor(address) {
    this.address = address;
    Socket.opened.push(this);
  }

  send() {}
  close() {}
}
const listening = { addEventListener: () => {}, removeEventListener: () => {} };
Object.assign(globalThis, { WebSocket: Socket, window: listening, document: listening });
const { Channel } = await import("../../ganlab/browser/base/channel.js");

/** What the page is told when the socket closes with this code, and whether the channel tries again. */
function told(code) {
  const said = [];
  const channel = new Channel(new URL("ws://localhost/live/run"), { frame: () => {}, link: (link) => said.push(link) });
  const socket = Socket.opened.at(-1);
  socket.readyState = Socket.OPEN;
  socket.onopen();
  socket.onclose({ code });
  const tries = channel.timer !== undefined;
  channel.close();
  return { said, tries };
}

for (const [how, code] of [
  ["is stopped", 1012],
  ["goes away", 1001],
  ["vanishes", 1006],
]) {
  test(`a server that ${how} is waited for: nothing is said of the run`, () => {
    assert.deepEqual(told(code), { said: ["open", "lost"], tries: true });
  });
}

test("a run that was removed is gone, and not asked for again", () => {
  assert.deepEqual(told(4404), { said: ["open", "gone"], tries: false });
});

test("who is refused is told so, and not asked for again", () => {
  assert.deepEqual(told(4403), { said: ["open", "refused"], tries: false });
});

test("only what is gone is said to be no more", () => {
  const words = linkWords("This run no longer exists.");
  assert.equal(words.lost, "Reconnecting…");
  assert.equal(words.gone, "This run no longer exists.");
});
