// @ts-check
// Grids of small images, each pixel a crisp square.

import { pen } from "../base/canvas_view.js";

/** @import { Mosaic, MosaicShape, PackedMosaic } from "../base/types.js" */

export const GAP = 2; // CSS pixels between images

/**
 * Decode a mosaic of a frame.
 *
 * @param {PackedMosaic} packed
 * @returns {Promise<Mosaic>}
 */
export async function decodeMosaic({ rows, columns, height, width, channels, pixels, jpeg }) {
  const shape = { rows, columns, height, width };
  if (jpeg) return { image: await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" })), ...shape };
  if (!pixels) throw new Error("This mosaic has neither pixels nor a picture.");
  const image = document.createElement("canvas");
  Object.assign(image, { width: columns * width, height: rows * height });
  const context = pen(image);
  const picture = context.createImageData(image.width, image.height);
  const target = new Uint32Array(picture.data.buffer);
  let from = 0;
  for (let tile = 0; tile < rows * columns; tile++) {
    const corner = Math.floor(tile / columns) * height * image.width + (tile % columns) * width;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++, from += channels) {
        const [red, green, blue] = channels === 1 ? [0, 0, 0] : [0, 1, 2];
        target[corner + row * image.width + column] =
          (255 << 24) | (pixels[from + blue] << 16) | (pixels[from + green] << 8) | pixels[from + red];
      }
    }
  }
  context.putImageData(picture, 0, 0);
  return { image, ...shape };
}

export const COARSE = 24; // images of fewer pixels a side show them as squares; finer ones are smoothed

/**
 * The scale that fits the mosaic into a box. Where it costs little size, a whole number of device pixels for each
 * pixel of an image, so that all its squares are alike; else for each image.
 *
 * @param {MosaicShape} mosaic
 * @param {{ width: number, height: number }} box
 * @param {number} ratio device pixels a CSS pixel
 */
export function fitMosaic({ rows, columns, height, width }, box, ratio) {
  const scale = Math.min(
    (box.width - GAP * (columns - 1)) / (columns * width),
    (box.height - GAP * (rows - 1)) / (rows * height),
  );
  const whole = Math.floor(scale * ratio) / ratio;
  return whole > 0.9 * scale ? whole : Math.max(1, Math.floor(scale * height * ratio)) / (height * ratio);
}

/**
 * @param {MosaicShape} mosaic
 * @param {number} scale
 */
export function mosaicSize({ rows, columns, height, width }, scale) {
  return { width: columns * (width * scale + GAP) - GAP, height: rows * (height * scale + GAP) - GAP };
}

/**
 * Draw the images with gaps between them, from (left, top).
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Mosaic} mosaic
 * @param {number} left
 * @param {number} top
 * @param {number} scale
 */
export function drawMosaic(context, { image, rows, columns, height, width }, left, top, scale) {
  const [across, down] = [width * scale, height * scale];
  context.imageSmoothingEnabled = height >= COARSE;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      context.drawImage(
        image,
        column * width,
        row * height,
        width,
        height,
        left + column * (across + GAP),
        top + row * (down + GAP),
        across,
        down,
      );
    }
  }
}

/**
 * A mosaic that travels beside the generated images, under names that start with its own.
 *
 * @param {Record<string, any>} view
 * @param {"real" | "reconstructed"} of
 * @returns {PackedMosaic | null}
 */
export function stripOf(view, of) {
  const [pixels, jpeg] = [view[`${of}_pixels`], view[`${of}_jpeg`]];
  if (!pixels && !jpeg) return null;
  const { height, width, channels } = view;
  const columns = view[`${of}_columns`] ?? pixels?.shape[0];
  return { rows: view[`${of}_rows`] ?? 1, columns, height, width, channels, pixels, jpeg };
}
