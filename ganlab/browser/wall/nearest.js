// @ts-check
// Which members of a wall come nearest to the data: by samples against real samples, whatever their losses say.

import { figure } from "../base/numbers.js";

/** @import { Numbers } from "../base/types.js" */

const FAR = 0.02; // above this, samples are plainly wrong: as in ganlab/views/comments/evidence.py
const MOST_NAMED = 3;

/**
 * The members that are as near as the nearest one, but for what chance does to the measure; the nearest first.
 *
 * @param {Numbers} distances NaN before the first iteration
 * @param {number} noise what real samples come to
 * @param {Record<number, string>} broken
 */
export function nearestToTheData(distances, noise, broken) {
  const known = [...distances.keys()].filter((member) => Number.isFinite(distances[member]) && !broken[member]);
  known.sort((a, b) => distances[a] - distances[b]);
  return known.filter((member) => distances[member] <= Math.max(distances[known[0]], 0) + noise);
}

/**
 * @param {number[]} nearest
 * @param {Numbers} distances
 * @param {string[]} titles of the members
 */
export function inWords(nearest, distances, titles) {
  if (!nearest.length) return "";
  const least = Math.max(0, distances[nearest[0]]);
  const named = nearest.slice(0, MOST_NAMED).map((member) => titles[member]);
  const more = nearest.length - named.length;
  const others = more > 0 ? `; and ${more} more that are as near` : "";
  const still = least > FAR ? " Its samples are still far from the data." : "";
  return `★ Nearest to the data (${figure(least)}): ${named.join("; ")}${others}.${still}`;
}
