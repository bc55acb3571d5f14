// @ts-check
// What the plane is made of, each layer drawn onto a canvas by its own function.
// x and y turn data coordinates into pixels; points are flat arrays of pairs.

import { alpha, groupColour } from "../base/theme.js";

/** @import { Numbers, Scale, Theme } from "../base/types.js" */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {[number, number]} Pixel */

const RADIUS = 2.6;

/**
 * Points with a thin halo in the background's colour, so that they stand out on any part of the surface.
 *
 * @param {Context} context
 * @param {ArrayLike<number>} points
 * @param {Scale} x
 * @param {Scale} y
 * @param {string} colour
 * @param {string} halo
 */
export function dots(context, points, x, y, colour, halo) {
  for (const { radius, fill } of [
    { radius: RADIUS + 0.9, fill: alpha(halo, 0.75) },
    { radius: RADIUS, fill: colour },
  ]) {
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      const [px, py] = [x(points[i]), y(points[i + 1])];
      context.moveTo(px + radius, py);
      context.arc(px, py, radius, 0, 2 * Math.PI);
    }
    context.fillStyle = fill;
    context.fill();
  }
}

/**
 * From each point to where it has come to lie: a line, with a dot at its end.
 *
 * @param {Context} context
 * @param {ArrayLike<number>} from
 * @param {ArrayLike<number>} to
 * @param {Scale} x
 * @param {Scale} y
 * @param {string} colour
 */
export function spokes(context, from, to, x, y, colour) {
  context.beginPath();
  for (let i = 0; i < to.length; i += 2) {
    context.moveTo(x(from[i]), y(from[i + 1]));
    context.lineTo(x(to[i]), y(to[i + 1]));
  }
  context.strokeStyle = alpha(colour, 0.35);
  context.lineWidth = 1;
  context.stroke();
  context.fillStyle = colour;
  for (let i = 0; i < to.length; i += 2) context.fillRect(x(to[i]) - 1.2, y(to[i + 1]) - 1.2, 2.4, 2.4);
}

/**
 * Points, each in the colour of its group.
 *
 * @param {Context} context
 * @param {ArrayLike<number>} points
 * @param {Numbers} groups a number for each point
 * @param {Scale} x
 * @param {Scale} y
 * @param {string} halo
 * @param {Theme} theme
 */
export function groupedDots(context, points, groups, x, y, halo, theme) {
  for (const group of new Set(groups)) {
    const members = Array.from(groups.keys()).filter((i) => groups[i] === group);
    const its = members.flatMap((i) => [points[2 * i], points[2 * i + 1]]);
    dots(context, its, x, y, groupColour(group, theme), halo);
  }
}

/**
 * The name of each class beside its mode, in the colour of the samples that were asked to be there.
 *
 * @param {Context} context
 * @param {ArrayLike<number>} centres
 * @param {string[]} labels
 * @param {Scale} x
 * @param {Scale} y
 * @param {Theme} theme
 */
export function names(context, centres, labels, x, y, theme) {
  context.save();
  context.font = `700 13px ${theme.font}`;
  context.textBaseline = "bottom";
  context.lineWidth = 3;
  context.strokeStyle = theme.background;
  labels.forEach((label, i) => {
    const [px, py] = [x(centres[2 * i]) + 9, y(centres[2 * i + 1]) - 7];
    context.strokeText(label, px, py);
    context.fillStyle = groupColour(i, theme);
    context.fillText(label, px, py);
  });
  context.restore();
}

const RING = 11;

/**
 * A ring around each mode: full where it is captured, broken where it is missed. It has a halo, since a mode that is
 * wider than the ring has points all over it.
 *
 * @param {Context} context
 * @param {ArrayLike<number>} centres
 * @param {{ counts: ArrayLike<number>, needed?: number }} modes
 * @param {Scale} x
 * @param {Scale} y
 * @param {Theme} theme
 */
export function rings(context, centres, { counts, needed = 1 }, x, y, theme) {
  context.save();
  for (let mode = 0; 2 * mode < centres.length; mode++) {
    context.beginPath();
    context.arc(x(centres[2 * mode]), y(centres[2 * mode + 1]), RING, 0, 2 * Math.PI);
    context.setLineDash([]);
    context.lineWidth = 3.9;
    context.strokeStyle = alpha(theme.background, 0.75);
    context.stroke();
    context.setLineDash(counts[mode] >= needed ? [] : [3, 4]);
    context.lineWidth = 1.3;
    context.strokeStyle = alpha(theme.text, 0.8);
    context.stroke();
  }
  context.restore();
}

const LONG = 30; // pixels of a long arrow

/** @param {ArrayLike<number>} along */
const lengthsOf = (along) =>
  Array.from({ length: along.length / 2 }, (_, i) => Math.hypot(along[2 * i], along[2 * i + 1]));

/**
 * The length that one arrow in ten exceeds; undefined where there is none.
 *
 * @param {ArrayLike<number>} along pairs
 */
export function typicalLength(along) {
  const sorted = lengthsOf(along)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.9)];
}

/**
 * Arrows of a legible length: nine in ten are no longer than LONG. Returns the longest gradient's true length.
 *
 * @param {Context} context
 * @param {{ arrows_from: ArrayLike<number>, arrows: ArrayLike<number> }} view
 * @param {Scale} x
 * @param {Scale} y
 * @param {Theme} theme
 * @param {number} [long] the gradient that is drawn LONG, where arrows share a scale with others
 */
export function arrows(context, { arrows_from: from, arrows: along }, x, y, theme, long = typicalLength(along)) {
  const lengths = lengthsOf(along);
  const longest = Math.max(0, ...lengths.filter(Number.isFinite));
  if (!long) return longest;
  context.beginPath();
  for (let i = 0; i < lengths.length; i++) {
    const pixels = (Math.min(lengths[i] / long, 1.4) * LONG) / lengths[i];
    if (!Number.isFinite(pixels)) continue;
    const [px, py] = [x(from[2 * i]), y(from[2 * i + 1])];
    const [dx, dy] = [along[2 * i] * pixels, -along[2 * i + 1] * pixels];
    if (Math.hypot(dx, dy) > 2) arrow(context, px, py, dx, dy);
  }
  context.strokeStyle = theme.generator;
  context.lineWidth = 1.3;
  context.stroke();
  return longest;
}

/**
 * @param {Context} context
 * @param {number} px
 * @param {number} py
 * @param {number} dx
 * @param {number} dy
 */
function arrow(context, px, py, dx, dy) {
  const [tipX, tipY] = [px + dx, py + dy];
  const head = Math.min(5, Math.hypot(dx, dy) * 0.5) / Math.hypot(dx, dy);
  context.moveTo(px, py);
  context.lineTo(tipX, tipY);
  context.moveTo(tipX - (dx + dy * 0.6) * head, tipY - (dy - dx * 0.6) * head);
  context.lineTo(tipX, tipY);
  context.lineTo(tipX - (dx - dy * 0.6) * head, tipY - (dy + dx * 0.6) * head);
}

/**
 * The image of a square grid of latents: lines, and cells the more opaque the more they are squeezed together, since
 * a squeezed cell is where many samples fall.
 *
 * @param {Context} context
 * @param {Numbers} grid (rows, columns, 2)
 * @param {Scale} x
 * @param {Scale} y
 * @param {Theme} theme
 */
export function warp(context, grid, x, y, theme) {
  const [rows, columns] = grid.shape;
  /** @type {(row: number, column: number) => Pixel} */
  const point = (row, column) => {
    const at = 2 * (row * columns + column);
    return [x(grid[at]), y(grid[at + 1])];
  };
  cells(context, rows, columns, point, theme.generator);
  context.beginPath();
  for (let row = 0; row < rows; row++) trace(context, columns, (i) => point(row, i));
  for (let column = 0; column < columns; column++) trace(context, rows, (i) => point(i, column));
  context.strokeStyle = alpha(theme.generator, 0.5);
  context.lineWidth = 1;
  context.stroke();
}

/**
 * @param {Context} context
 * @param {number} count
 * @param {(i: number) => Pixel} at
 */
function trace(context, count, at) {
  context.moveTo(...at(0));
  for (let i = 1; i < count; i++) context.lineTo(...at(i));
}

const STEPS = 5; // cells are filled in a few steps of opacity, so that each step is one path

/**
 * @param {Context} context
 * @param {number} rows
 * @param {number} columns
 * @param {(row: number, column: number) => Pixel} point
 * @param {string} colour
 */
function cells(context, rows, columns, point, colour) {
  const paths = Array.from({ length: STEPS }, () => new Path2D());
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const corners = [point(row, column), point(row, column + 1), point(row + 1, column + 1), point(row + 1, column)];
      const density = 120 / (area(corners) + 60); // square pixels; a cell this small is as dense as can be told apart
      const path = paths[Math.max(0, Math.min(STEPS - 1, Math.floor((density / 2) * STEPS)))];
      corners.forEach(([px, py], i) => (i ? path.lineTo(px, py) : path.moveTo(px, py)));
      path.closePath();
    }
  }
  paths.forEach((path, step) => {
    context.fillStyle = alpha(colour, 0.06 + 0.1 * step);
    context.fill(path);
  });
}

/** @param {Pixel[]} corners */
function area(corners) {
  const turns = corners.map(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length];
    return x1 * y2 - x2 * y1;
  });
  return Math.abs(turns.reduce((sum, turn) => sum + turn, 0)) / 2;
}
