// @ts-check
// Words under the samples of a strip: where there is no room for all of them, those stay that say most.

const BETWEEN = 4; // pixels from one to the next

/**
 * Which captions have room: the first that is named, then the outermost, then those between.
 *
 * @param {number[]} widths
 * @param {number[]} centres in pixels, from left to right
 * @param {number} first
 * @returns {number[]} the captions' places, in any order
 */
export function withRoom(widths, centres, first) {
  const last = widths.length - 1;
  const inOrder = [...new Set([first, 0, last, ...widths.keys()])];
  /** @type {number[]} */
  const kept = [];
  for (const i of inOrder) {
    /** @param {number} j */
    const apart = (j) => Math.abs(centres[i] - centres[j]) >= (widths[i] + widths[j]) / 2 + BETWEEN;
    if (kept.every(apart)) kept.push(i);
  }
  return kept;
}

/**
 * Write a caption under each sample that has room for it, the one in the middle first.
 *
 * @param {CanvasRenderingContext2D} context its text is centred
 * @param {string[]} captions
 * @param {number} across pixels from one sample to the next
 * @param {number} y
 */
export function writeUnder(context, captions, across, y) {
  const widths = captions.map((text) => context.measureText(text).width);
  const centres = captions.map((_, i) => (i + 0.5) * across);
  for (const i of withRoom(widths, centres, (captions.length - 1) >> 1)) context.fillText(captions[i], centres[i], y);
}
