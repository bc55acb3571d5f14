// @ts-check
// Three moments of a training at which a person may be the discriminator: early, in the middle, now.

/** @typedef {{ name: string, iteration: number | null }} Moment null for the players as they are now */

/**
 * Of the kept moments the first, and the one that lies in the middle between it and now if time is counted in factors.
 *
 * @param {ArrayLike<number>} kept iterations, the earliest first
 * @param {number} now
 * @returns {Moment[]}
 */
export function threeMoments(kept, now) {
  const past = Array.from(kept).filter((iteration) => iteration < now);
  const [early, ...later] = past;
  /** @param {number} iteration */
  const off = (iteration) => Math.abs(Math.log(iteration) - (Math.log(early) + Math.log(now)) / 2);
  const [middle] = later.sort((a, b) => off(a) - off(b));
  return [
    ...(early === undefined ? [] : [{ name: "Early", iteration: early }]),
    ...(middle === undefined ? [] : [{ name: "Middle", iteration: middle }]),
    { name: "Now", iteration: null },
  ];
}
