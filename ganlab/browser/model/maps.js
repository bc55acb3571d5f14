// @ts-check
// D's thumbnail of an image run: a real and a generated image, and what D's first convolution finds in each.

import { pen } from "../base/canvas_view.js";
import { rgb } from "../base/theme.js";

/** @import { Drawing, Numbers, Theme } from "../base/types.js" */
/** @typedef {{ images: Numbers, maps: Numbers }} FeatureMaps see ganlab/views/feature_maps.py */

const GAP = 3; // pixels

/**
 * Two rows: an image, then its maps, darker in D's colour the stronger the answer.
 *
 * @param {Drawing} drawing
 * @param {FeatureMaps} view
 * @param {Theme} theme
 */
export function featureMaps({ context, width, height }, { images, maps }, theme) {
  const [, many, rows, columns] = maps.shape;
  const [, high, wide, channels] = images.shape;
  const side = Math.floor(Math.min((width - GAP * many) / (many + 1), (height - GAP) / 2));
  const left = (width - side * (many + 1) - GAP * many) / 2;
  context.imageSmoothingEnabled = false;
  for (let kind = 0; kind < 2; kind++) {
    const top = (height - 2 * side - GAP) / 2 + kind * (side + GAP);
    const size = high * wide * channels;
    const image = picture(wide, high, (i) =>
      Array.from({ length: 3 }, (_, c) => images[kind * size + i * channels + (channels === 3 ? c : 0)]),
    );
    context.drawImage(image, left, top, side, side);
    context.strokeStyle = kind ? theme.generated : theme.real;
    context.lineWidth = 2;
    context.strokeRect(left + 1, top + 1, side - 2, side - 2);
    for (let map = 0; map < many; map++) {
      const start = (kind * many + map) * rows * columns;
      const shown = picture(columns, rows, (i) => tint(maps[start + i] / 255, theme.discriminator, theme));
      context.drawImage(shown, left + (map + 1) * (side + GAP), top, side, side);
    }
  }
}

/**
 * From the background to a colour.
 *
 * @param {number} share
 * @param {string} colour
 * @param {Theme} theme
 */
export function tint(share, colour, theme) {
  const [from, to] = [rgb(theme.background), rgb(colour)];
  return from.map((value, i) => Math.round(value + (to[i] - value) * share));
}

/**
 * @param {number} width
 * @param {number} height
 * @param {(i: number) => number[]} colour of each pixel, row by row
 */
export function picture(width, height, colour) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = pen(canvas);
  const data = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) data.data.set([...colour(i), 255], 4 * i);
  context.putImageData(data, 0, 0);
  return canvas;
}
