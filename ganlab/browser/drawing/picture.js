// @ts-check
// Samples on canvases: mosaics of images, one image, or points coloured by where they land.

import { COARSE, decodeMosaic, drawMosaic, fitMosaic, mosaicSize } from "./mosaic.js";
import { pen, sheet } from "../base/canvas_view.js";
import { alpha } from "../base/theme.js";

/** @import { Area, Drawing, Mosaic, Numbers, PackedMosaic, Scale, Theme } from "../base/types.js" */
/** @typedef {ArrayLike<number> & { shape: number[] }} Points (n, 1 or 2) */
/** @typedef {{ left: number, top: number, side: number }} Square */
/** @typedef {(points: Points, i: number) => [number, number]} Placer gives the pixel of a point */
/** @typedef {PackedMosaic & { points?: Numbers, grid_rows?: number }} Samples points, or else a mosaic of images */
/** @typedef {{ extent: number, points?: Numbers }} RealSamples */
/** @typedef {{ real?: RealSamples, theme: Theme }} Surroundings real samples, and the theme */

/**
 * The samples of an answer as a mosaic. Points become tiles of one pixel, in the colour of their place.
 *
 * @param {Samples} answer
 * @param {number} extent
 * @returns {Promise<Mosaic>}
 */
export async function asMosaic(answer, extent) {
  if (!answer.points) return decodeMosaic(answer);
  const { points } = answer;
  const count = points.shape[0];
  const rows = answer.grid_rows ?? 1;
  const image = document.createElement("canvas");
  Object.assign(image, { width: count / rows, height: rows });
  const context = pen(image);
  for (let i = 0; i < count; i++) {
    context.fillStyle = placeColour(points, i, extent);
    context.fillRect(i % image.width, Math.floor(i / image.width), 1, 1);
  }
  return { image, rows, columns: image.width, height: 1, width: 1 };
}

/**
 * A colour for each place: its direction gives the hue, its distance from the middle the depth.
 *
 * @param {Points} points
 * @param {number} i
 * @param {number} extent
 */
export function placeColour(points, i, extent) {
  if (points.shape[1] === 1) return `hsl(${220 - 100 * (1 - points[i] / extent)} 62% 56%)`;
  const [x, y] = [points[2 * i], points[2 * i + 1]];
  const hue = (Math.atan2(y, x) * 180) / Math.PI;
  return `hsl(${hue} 68% ${78 - 34 * Math.min(1, Math.hypot(x, y) / extent)}%)`;
}

/**
 * Draw a mosaic as large as it fits. Returns where it lies, or null if the canvas is not visible.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Mosaic} mosaic
 * @returns {Area | null}
 */
export function paintMosaic(canvas, mosaic) {
  const drawing = sheet(canvas);
  if (!drawing) return null;
  const { context, width, height, ratio } = drawing;
  const scale = fitMosaic(mosaic, { width, height }, ratio);
  const size = mosaicSize(mosaic, scale);
  const [left, top] = [Math.round((width - size.width) / 2), Math.round((height - size.height) / 2)];
  drawMosaic(context, mosaic, left, top, scale);
  return { left, top, ...size };
}

/**
 * Draw one tile of a mosaic as large as it fits, its pixels crisp where they are few.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Mosaic} mosaic
 */
export function paintTile(canvas, mosaic, index = 0) {
  const drawing = sheet(canvas);
  if (!drawing) return;
  const { context, width, height } = drawing;
  const side = Math.floor(Math.min(width, height));
  context.imageSmoothingEnabled = mosaic.height >= COARSE;
  context.drawImage(
    mosaic.image,
    (index % mosaic.columns) * mosaic.width,
    Math.floor(index / mosaic.columns) * mosaic.height,
    mosaic.width,
    mosaic.height,
    Math.round((width - side) / 2),
    Math.round((height - side) / 2),
    side,
    side,
  );
}

/**
 * Points where they land, over real ones.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{ points: Numbers, colours?: boolean, path?: boolean, at?: number }} shown `at` is the point to mark
 * @param {Surroundings} surroundings
 */
export function paintPlace(canvas, shown, { real, theme }) {
  const drawing = sheet(canvas);
  if (!drawing || !real?.points) return;
  const area = square(drawing);
  const extent = farthest(shown.points, real.extent);
  const place = placer(area, extent, shown.points.shape[1]);
  outline(drawing.context, area, theme);
  specks(drawing.context, real.points, placer(area, extent, real.points.shape[1]), alpha(theme.real, 0.35));
  drawing.context.save();
  drawing.context.beginPath();
  drawing.context.rect(area.left, area.top, area.side, area.side);
  drawing.context.clip();
  if (shown.path) track(drawing.context, shown.points, place, theme);
  const [context, count] = [drawing.context, shown.points.shape[0]];
  for (let i = 0; i < count; i++) {
    const at = i === shown.at;
    if (shown.at !== undefined && !at && !shown.colours && !shown.path) continue;
    context.fillStyle = shown.colours ? placeColour(shown.points, i, real.extent) : theme.generated;
    disc(context, ...place(shown.points, i), at ? 7 : shown.path ? 2 : 3);
    if (at) {
      context.strokeStyle = theme.background;
      context.lineWidth = 2;
      context.stroke();
    }
  }
  context.restore();
}

/**
 * A line of latents from left to right, and how high each lands: one latent dimension, one of the data.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Numbers} points
 * @param {Surroundings} surroundings
 * @returns {Area | null}
 */
export function paintCurve(canvas, points, { real, theme }) {
  const drawing = sheet(canvas);
  if (!drawing || !real?.points) return null;
  const { context } = drawing;
  const area = square(drawing);
  const extent = farthest(points, real.extent);
  /** @type {Scale} */
  const y = (value) => area.top + ((1 - value / extent) / 2) * area.side;
  const count = points.shape[0];
  outline(context, area, theme);
  context.fillStyle = alpha(theme.real, 0.35);
  for (const value of real.points) context.fillRect(area.left, y(value) - 0.5, 16, 1);
  for (let i = 0; i < count; i++) {
    context.fillStyle = placeColour(points, i, real.extent);
    disc(context, area.left + (i / (count - 1)) * area.side, y(points[i]), 4);
  }
  return { left: area.left, top: area.top, width: area.side, height: area.side };
}

/**
 * The data's extent, or up to twice as much where the points reach farther.
 *
 * @param {Numbers} points
 * @param {number} extent
 */
export function farthest(points, extent) {
  return Math.min(2 * extent, Math.max(extent, ...points.map(Math.abs)));
}

/**
 * @param {Drawing} drawing
 * @returns {Square}
 */
function square({ width, height }) {
  const side = Math.min(width, height) - 2;
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}

/**
 * Where a value lies: points in the plane as they are, those on a line along the middle.
 *
 * @param {Square} square
 * @param {number} extent
 * @param {number} dimension
 * @returns {Placer}
 */
function placer({ left, top, side }, extent, dimension) {
  /** @type {Scale} */
  const along = (value) => ((value / extent + 1) / 2) * side;
  return dimension === 2
    ? (points, i) => [left + along(points[2 * i]), top + side - along(points[2 * i + 1])]
    : (points, i) => [left + along(points[i]), top + side / 2];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Square} square
 * @param {Theme} theme
 */
function outline(context, { left, top, side }, theme) {
  context.strokeStyle = theme.axis;
  context.lineWidth = 1;
  context.strokeRect(left, top, side, side);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Numbers} points
 * @param {Placer} place
 * @param {string} colour
 */
function specks(context, points, place, colour) {
  context.fillStyle = colour;
  const flat = points.shape[1] === 1;
  for (let i = 0; i < points.shape[0]; i++) {
    const [x, y] = place(points, i);
    if (flat) context.fillRect(x - 0.5, y - 14, 1, 28);
    else context.fillRect(x - 1, y - 1, 2, 2);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Numbers} points
 * @param {Placer} place
 * @param {Theme} theme
 */
function track(context, points, place, theme) {
  context.beginPath();
  for (let i = 0; i < points.shape[0]; i++) context.lineTo(...place(points, i));
  context.strokeStyle = alpha(theme.generator, 0.6);
  context.lineWidth = 1.5;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
