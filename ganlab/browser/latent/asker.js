// Questions to a run over HTTP, and the rule for sliders: only the latest wish counts.

import { decode } from "../base/frame.js";

// Resolves to the answer as a snapshot; rejects with an Error whose message is the server's sentence.
export async function ask(runId, question, signal) {
  const response = await call(runId, "ask", { method: "POST", body: JSON.stringify(question), signal });
  return decode(await response.arrayBuffer());
}

// The kept directions of a run, after keeping one (`kept`) or forgetting one (`forgotten`, its name) if told to.
export async function directions(runId, { kept, forgotten } = {}) {
  if (kept) return (await call(runId, "directions", { method: "POST", body: JSON.stringify(kept) })).json();
  const query = forgotten === undefined ? "" : `?name=${encodeURIComponent(forgotten)}`;
  return (await call(runId, `directions${query}`, { method: query ? "DELETE" : "GET" })).json();
}

async function call(runId, path, options) {
  const address = new URL(`live/${encodeURIComponent(runId)}/${path}`, document.baseURI);
  const response = await fetch(address, options).catch((error) => {
    throw error.name === "AbortError" ? error : new Error("The server can't be reached. Is GanLab still running?");
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}

// One question under way, and at most one waiting: a newer wish takes the place of the one that waits.
export class Latest {
  // asking(question, signal): a promise of the answer; on: { trouble(sentence) }
  constructor(asking, on) {
    this.asking = asking;
    this.on = on;
  }

  want(question, use) {
    this.waiting = { question, use };
    if (!this.under) this.under = this.#work();
  }

  close() {
    this.closed = true;
    this.waiting = undefined;
    this.stop?.abort();
  }

  async #work() {
    while (this.waiting) {
      const { question, use } = this.waiting;
      this.waiting = undefined;
      this.stop = new AbortController();
      try {
        const answer = await this.asking(question, this.stop.signal);
        if (!this.closed) await use(answer);
      } catch (error) {
        if (!this.closed) this.on.trouble(error.message);
      }
    }
    this.under = undefined;
  }
}
