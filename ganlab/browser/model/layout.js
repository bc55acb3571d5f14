// @ts-check
// Where each node of the diagram stands: on a wide screen the game runs from left to right, on a phone from top to
// bottom.

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {{ width: number, height: number, boxes: Record<string, Box> }} Layout */
/** @typedef {[number, number, number, number]} Numbers4 */

/** @type {Record<string, Numbers4>} x, y, width, height */
const WIDE = {
  noise: [0, 12, 110, 116],
  codes: [0, 138, 110, 56],
  g: [150, 0, 132, 140],
  fake: [322, 0, 132, 140],
  data: [150, 300, 132, 82],
  real: [322, 270, 132, 140],
  d: [550, 118, 146, 164],
  scores: [736, 128, 112, 144],
  loss_g: [888, 14, 112, 118],
  loss_d: [888, 268, 112, 118],
  penalty: [736, 316, 112, 78],
  step_g: [150, 172, 132, 106],
  ema: [0, 194, 110, 56],
  step_d: [550, 306, 146, 126],
};

/** @type {Record<string, Numbers4>} */
const WIDE_VAE = {
  data: [0, 134, 116, 122],
  real: [160, 120, 128, 140],
  d: [332, 120, 136, 140],
  noise: [512, 120, 124, 140],
  g: [680, 120, 136, 140],
  fake: [860, 120, 140, 140],
  loss_g: [620, 0, 196, 84],
  loss_d: [512, 308, 124, 92],
  step_d: [332, 310, 136, 96],
  step_g: [680, 310, 136, 96],
  ema: [860, 326, 140, 60],
};

/** @type {Record<string, Numbers4>} */
const NARROW = {
  noise: [0, 0, 166, 104],
  data: [194, 0, 166, 104],
  codes: [0, 112, 166, 48],
  g: [0, 184, 166, 120],
  real: [194, 184, 166, 120],
  fake: [0, 340, 166, 126],
  step_g: [194, 340, 166, 100],
  ema: [194, 446, 166, 48],
  d: [64, 506, 232, 140],
  scores: [64, 682, 232, 100],
  loss_g: [0, 818, 166, 104],
  loss_d: [194, 818, 166, 104],
  step_d: [194, 954, 166, 120],
  penalty: [0, 954, 166, 74],
};

/** @type {Record<string, Numbers4>} */
const NARROW_VAE = {
  data: [0, 0, 166, 104],
  real: [194, 0, 166, 104],
  d: [194, 140, 166, 120],
  step_d: [0, 150, 166, 100],
  noise: [194, 296, 166, 110],
  loss_d: [0, 306, 166, 92],
  g: [194, 442, 166, 120],
  step_g: [0, 452, 166, 100],
  ema: [0, 560, 166, 48],
  fake: [194, 598, 166, 126],
  loss_g: [0, 616, 166, 92],
};

const FLAT = 0.84;

/**
 * The nodes' places in a diagram of this width, in CSS pixels.
 *
 * @param {string[]} names
 * @param {"gan" | "vae"} model
 * @param {number} width
 * @param {boolean} flat whether it leaves room beneath
 * @returns {Layout}
 */
export function layout(names, model, width, flat) {
  const narrow = width < 620;
  const places = narrow ? (model === "vae" ? NARROW_VAE : NARROW) : model === "vae" ? WIDE_VAE : WIDE;
  const across = width / (narrow ? 360 : 1000);
  const down = narrow ? 1 : flat ? FLAT : Math.min(1.15, Math.max(0.98, across));
  /** @type {Record<string, Box>} */
  const boxes = {};
  let height = 0;
  for (const name of names) {
    const [x, y, wide, high] = places[name];
    boxes[name] = { x: x * across, y: y * down, width: wide * across, height: high * down };
    height = Math.max(height, (y + high) * down);
  }
  return { width, height: Math.ceil(height) + 2, boxes };
}
