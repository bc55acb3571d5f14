// @ts-check
// What the pages call a run's states, the connection to it, and what is measured of it: on every page the same.

/** @import { Link, StateName } from "./types.js" */

/** @type {Readonly<Record<StateName, string>>} */
export const STATES = {
  ready: "Ready",
  running: "Training",
  paused: "Paused",
  finished: "Finished",
  failed: "Failed",
  stopped: "Stopped",
};

// In place of the state of a run that would train if the class were not paused.
export const HELD = "Held: the class is paused";

/**
 * What is said of the connection to a run, or to a wall.
 *
 * @param {string} gone what is said when the thing itself is no more
 * @returns {Readonly<Record<Link, string>>}
 */
export const linkWords = (gone) => ({
  gone,
  refused: "The server refused the connection.",
  lost: "Reconnecting…",
  open: "",
});

// As they stand within a sentence; `title` makes a heading of them.
export const MEASURES = Object.freeze({
  difference: "distance to the data",
  loss_d: "D's loss",
  loss_g: "G's loss",
  score_real: "D(x)",
  score_fake: "D(G(z))",
  grad_norm_d: "D's gradient norm",
  grad_norm_g: "G's gradient norm",
  penalty: "penalty",
  modes: "modes captured",
  high_quality: "good samples",
  reverse_kl: "reverse KL",
  classes: "classes captured",
  classes_kl: "reverse KL of the classes",
  frechet: "Fréchet distance",
  precision: "precision",
  coverage: "coverage",
});

/** @param {string} words */
export const title = (words) => words.charAt(0).toUpperCase() + words.slice(1);
