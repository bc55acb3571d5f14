// @ts-check
// Questions to a run over HTTP, and the rule for sliders: only the latest wish counts.

import { decode } from "../base/frame.js";

/** @typedef {{ ask: string, [field: string]: unknown }} Question */
/** @typedef {{ name: string, vector: number[], found: string, iteration: number }} KeptDirection */

/**
 * Resolves to the answer as a snapshot; rejects with an Error whose message is the server's sentence.
 *
 * @param {string} runId
 * @param {Question} question
 * @param {AbortSignal} [signal]
 */
export async function ask(runId, question, signal) {
  const response = await call(runId, "ask", { method: "POST", body: JSON.stringify(question), signal });
  return decode(await response.arrayBuffer());
}

/**
 * The kept directions of a run, after keeping one (`kept`) or forgetting one (`forgotten`, its name) if told to.
 *
 * @param {string} runId
 * @param {{ kept?: KeptDirection, forgotten?: string }} [change]
 * @returns {Promise<KeptDirection[]>}
 */
export async function directions(runId, { kept, forgotten } = {}) {
  if (kept) return (await call(runId, "directions", { method: "POST", body: JSON.stringify(kept) })).json();
  const query = forgotten === undefined ? "" : `?name=${encodeURIComponent(forgotten)}`;
  return (await call(runId, `directions${query}`, { method: query ? "DELETE" : "GET" })).json();
}

/**
 * The picked latents of a run, after these were picked if there are any.
 *
 * @param {string} runId
 * @param {number[][]} [picked]
 * @returns {Promise<number[][]>}
 */
export async function picks(runId, picked) {
  const options = picked ? { method: "POST", body: JSON.stringify(picked) } : { method: "GET" };
  return (await call(runId, "picks", options)).json();
}

/**
 * @param {string} runId
 * @param {string} path
 * @param {RequestInit} options
 */
async function call(runId, path, options) {
  const address = new URL(`live/${encodeURIComponent(runId)}/${path}`, document.baseURI);
  const response = await fetch(address, options).catch((error) => {
    throw error.name === "AbortError" ? error : new Error("The server can't be reached. Is GanLab still running?");
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}

/**
 * What an exception says.
 *
 * @param {unknown} error
 */
export const sentenceOf = (error) => (error instanceof Error ? error.message : String(error));

// One question under way, and at most one waiting: a newer wish takes the place of the one that waits.
export class LatestQuestion {
  /** @type {{ question: Question, use: (answer: any) => unknown } | undefined} */
  waiting;
  /** @type {Promise<void> | undefined} */
  under;
  /** @type {AbortController | undefined} */
  stop;
  closed = false;

  /**
   * @param {(question: Question, signal: AbortSignal) => Promise<any>} asking gives the answer
   * @param {(sentence: string) => void} onTrouble
   */
  constructor(asking, onTrouble) {
    this.asking = asking;
    this.onTrouble = onTrouble;
  }

  /**
   * @param {Question} question
   * @param {(answer: any) => unknown} use what is done with the answer
   */
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
        if (!this.closed) this.onTrouble(sentenceOf(error));
      }
    }
    this.under = undefined;
  }
}
