// @ts-check
// What is seen of one member of a wall: its samples, or a cross where it has broken off.

import { sheet } from "../base/canvas_view.js";
import { alpha } from "../base/theme.js";
import { drawMosaic, fitMosaic, mosaicSize } from "../drawing/mosaic.js";

/** @import { Mosaic, Numbers, Theme } from "../base/types.js" */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {{ kind: "plane", points: Numbers, real: Numbers, extent: number }} WallOfPoints */
/** @typedef {{ kind: "line", bars: Numbers, real: Numbers }} WallOfBars */
/** @typedef {{ kind: "images", pixels: Numbers, mosaics?: Mosaic[] }} WallOfImages `mosaics` when they are unpacked */
/** @typedef {WallOfPoints | WallOfBars | WallOfImages} WallPicture what Python sent of all members */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {WallPicture} wall
 * @param {number} member
 * @param {boolean} broken
 * @param {Theme} theme
 */
export function drawMember(canvas, wall, member, broken, theme) {
  const drawing = sheet(canvas);
  if (!drawing) return;
  const { context, width: side, ratio } = drawing;
  if (broken) return drawCross(context, side, theme.axis);
  if (wall.kind === "images") return wall.mosaics && drawImages(context, wall.mosaics[member], side, ratio);
  if (wall.kind === "line") return drawBars(context, wall, member, side, theme);
  drawPoints(context, wall.real, 0, wall.real.shape[0], wall.extent, side, alpha(theme.real, 0.3), 1);
  const n = wall.points.shape[1];
  drawPoints(context, wall.points, member * n, n, wall.extent, side, theme.generated, 1.6);
}

/**
 * @param {Context} context
 * @param {number} side
 * @param {string} colour
 */
function drawCross(context, side, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [x, y] of [
    [0.35, 0.35],
    [0.65, 0.35],
  ]) {
    context.moveTo(x * side, y * side);
    context.lineTo((1 - x) * side, (1 - y) * side);
  }
  context.stroke();
}

/**
 * `count` points of an (n, 2) array from the point `first` on; those that are not numbers lie outside.
 *
 * @param {Context} context
 * @param {Numbers} points
 * @param {number} first
 * @param {number} count
 * @param {number} extent
 * @param {number} side
 * @param {string} colour
 * @param {number} size
 */
function drawPoints(context, points, first, count, extent, side, colour, size) {
  context.fillStyle = colour;
  const scale = side / (2 * extent);
  for (let i = first; i < first + count; i++) {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    if (!Number.isNaN(x) && !Number.isNaN(y))
      context.fillRect((x + extent) * scale - size / 2, (extent - y) * scale - size / 2, size, size);
  }
}

/**
 * @param {Context} context
 * @param {WallOfBars} wall
 * @param {number} member
 * @param {number} side
 * @param {Theme} theme
 */
function drawBars(context, { bars, real }, member, side, theme) {
  const n = real.length;
  const own = bars.subarray(member * n, (member + 1) * n);
  const top = 1.3 * Math.max(...real);
  for (const { values, colour } of [
    { values: real, colour: alpha(theme.real, 0.35) },
    { values: own, colour: alpha(theme.generated, 0.75) },
  ]) {
    context.fillStyle = colour;
    values.forEach((value, i) => {
      const height = Math.min(1, value / top) * side;
      context.fillRect((i * side) / n, side - height, side / n - 0.5, height);
    });
  }
}

/**
 * @param {Context} context
 * @param {Mosaic} mosaic
 * @param {number} side
 * @param {number} ratio
 */
function drawImages(context, mosaic, side, ratio) {
  const scale = fitMosaic(mosaic, { width: side, height: side }, ratio);
  const { width, height } = mosaicSize(mosaic, scale);
  drawMosaic(context, mosaic, (side - width) / 2, (side - height) / 2, scale);
}
