// @ts-check
// Small drawings of which thumbnails are made: points, densities, heaps, curves, towers and bars.

import { figure as digits, span } from "../base/numbers.js";
import { alpha } from "../base/theme.js";

/** @import { Drawing, Mosaic, Numbers, SteadyRange, Theme } from "../base/types.js" */

const FLOOR = 1e-6; // the gradient norm at the left end of its bar
const TOP = 1e3; // and at its right end
const VANISHED = 1e-5;
const LINE = 18; // pixels

/**
 * The largest square in the middle of a canvas, and the scales of a plane in it.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} extent
 */
export function square(width, height, extent) {
  const side = Math.min(width, height);
  const area = { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side };
  /** @param {number} value */
  const x = (value) => area.left + ((value + extent) / (2 * extent)) * side;
  /** @param {number} value */
  const y = (value) => area.top + ((extent - value) / (2 * extent)) * side;
  return { area, x, y };
}

/**
 * @param {Drawing} drawing
 * @param {Numbers} points (n, 1 or 2)
 * @param {Theme} theme
 */
export function latents({ context, width, height }, points, theme) {
  const [many, columns] = points.shape;
  const { x, y } = square(width, height, 3);
  context.fillStyle = alpha(theme.text, 0.55);
  for (let i = 0; i < many; i++) {
    const up = columns > 1 ? points[columns * i + 1] : (i / many - 0.5) * 1.2;
    context.fillRect(x(points[columns * i]) - 1, y(up) - 1, 2, 2);
  }
}

/**
 * @param {Drawing} drawing
 * @param {Numbers | null} points
 * @param {number} extent
 * @param {string} colour
 */
export function cloud({ context, width, height }, points, extent, colour) {
  if (!points) return;
  const { x, y } = square(width, height, extent);
  context.fillStyle = alpha(colour, 0.75);
  for (let i = 0; i + 1 < points.length; i += 2) context.fillRect(x(points[i]) - 1.1, y(points[i + 1]) - 1.1, 2.2, 2.2);
}

/**
 * @param {Drawing} drawing
 * @param {any} line
 * @param {"data" | "samples" | "score"} of
 * @param {Theme} theme
 */
export function density({ context, width, height }, line, of, theme) {
  const values = line[of];
  const [lo, hi] = of === "score" ? span(values) : [0, span(line.data, line.samples)[1]];
  const colour = { data: theme.real, samples: theme.generated, score: theme.discriminator }[of];
  context.beginPath();
  for (let i = 0; i < values.length; i++) {
    const y = height - 3 - ((values[i] - lo) / (hi - lo || 1)) * (height - 6);
    context.lineTo((i / (values.length - 1)) * width, y);
  }
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke();
  if (of === "score") return;
  context.lineTo(width, height);
  context.lineTo(0, height);
  context.fillStyle = alpha(colour, 0.18);
  context.fill();
}

/**
 * Both players of the Dirac game as one point, and the way that it has come.
 *
 * @param {Drawing} drawing
 * @param {any} phase
 * @param {Theme} theme
 */
export function path({ context, width, height }, phase, theme) {
  const { x, y } = square(width, height, phase.extent);
  context.beginPath();
  for (let i = 0; i < phase.trail.length; i += 2) context.lineTo(x(phase.trail[i]), y(phase.trail[i + 1]));
  context.strokeStyle = alpha(theme.generated, 0.7);
  context.lineWidth = 1.2;
  context.stroke();
  const [theta, psi] = phase.trail.slice(-2);
  for (const { place, colour } of [
    { place: [0, 0], colour: theme.real },
    { place: [theta, psi], colour: theme.generated },
  ]) {
    context.beginPath();
    context.arc(x(place[0]), y(place[1]), 3.5, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  }
}

/**
 * As many of a mosaic's images as fit at a size that can be made out.
 *
 * @param {Drawing} drawing
 * @param {Mosaic} mosaic
 */
export function some({ context, width, height }, { image, rows, columns, height: high, width: wide }) {
  const size = Math.max(24, Math.min(40, height / 3));
  const [across, down] = [
    Math.min(columns, Math.max(1, Math.floor(width / (size + 2)))),
    Math.max(1, Math.floor(height / (size + 2))),
  ];
  const shown = Math.min(across * down, rows * columns);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = high >= 24;
  const left = (width - across * (size + 2) + 2) / 2;
  for (let i = 0; i < shown; i++) {
    const [row, column] = [Math.floor(i / across), i % across];
    // Rows of the thumbnail are taken from rows of the mosaic, which may be classes.
    const from = rows >= down ? [row % rows, column] : [Math.floor(i / columns), i % columns];
    const at = [left + column * (size + 2), row * (size + 2)];
    context.drawImage(image, from[1] * wide, from[0] * high, wide, high, at[0], at[1], size, size);
  }
}

/**
 * @param {Drawing} drawing
 * @param {{ real: Numbers, fake: Numbers, edges: Numbers, boundary: number | null }} view
 * @param {Theme} theme
 */
export function heaps({ context, width, height }, { real, fake, edges, boundary }, theme) {
  const most = span(real, fake)[1] || 1;
  const wide = width / real.length;
  for (const [counts, colour] of /** @type {[Numbers, string][]} */ ([
    [real, theme.real],
    [fake, theme.generated],
  ])) {
    context.fillStyle = alpha(colour, 0.62);
    for (let i = 0; i < counts.length; i++) {
      const high = (counts[i] / most) * (height - 4);
      context.fillRect(i * wide, height - high, wide - 0.5, high);
    }
  }
  if (boundary === null || !Number.isFinite(boundary)) return;
  const [lo, hi] = [edges[0], edges[edges.length - 1]];
  const x = ((boundary - lo) / (hi - lo)) * width;
  context.strokeStyle = theme.muted;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
  context.setLineDash([]);
}

/**
 * @param {Drawing} drawing
 * @param {Numbers | undefined} values
 * @param {SteadyRange} range
 * @param {string} colour
 */
export function curve({ context, width, height }, values, range, colour) {
  if (!values?.length) return;
  const [lo, hi] = range.fit(...span(values));
  context.beginPath();
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    const x = values.length > 1 ? (i / (values.length - 1)) * width : width / 2;
    context.lineTo(x, height - 2 - ((values[i] - lo) / (hi - lo || 1)) * (height - 4));
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  context.stroke();
}

/**
 * A network's layers in their order, as high as the logarithm of how many weights each has.
 *
 * @param {Drawing} drawing
 * @param {number[]} layers
 * @param {string} colour
 * @param {Theme} theme
 */
export function towers({ context, width, height }, layers, colour, theme) {
  const most = Math.log(Math.max(...layers, 2) + 1);
  const wide = Math.min(16, width / layers.length - 3);
  const left = (width - layers.length * (wide + 3)) / 2;
  layers.forEach((weights, i) => {
    const high = Math.max(3, (Math.log(weights + 1) / most) * (height - 6));
    context.fillStyle = alpha(colour, 0.65);
    context.fillRect(left + i * (wide + 3), (height - high) / 2, wide, high);
  });
  context.strokeStyle = theme.axis;
  context.beginPath();
  context.moveTo(0, height / 2);
  context.lineTo(width, height / 2);
  context.stroke();
}

/**
 * A gradient's norm on a logarithmic scale, with marks at powers of ten; over it how far the last update moved the
 * weights.
 *
 * @param {Drawing} drawing
 * @param {number | undefined} norm
 * @param {number | undefined} moved as a share of how large the weights were
 * @param {"d" | "g"} role
 * @param {Theme} theme
 */
export function bar({ context, width, height }, norm, moved, role, theme) {
  const share = norm === undefined ? 0 : Math.log(Math.max(norm, FLOOR) / FLOOR) / Math.log(TOP / FLOOR);
  const top = height - 9;
  context.fillStyle = theme.grid;
  context.fillRect(0, top, width, 7);
  context.fillStyle = role === "d" ? theme.discriminator : theme.generator;
  context.fillRect(0, top, Math.min(1, share) * width, 7);
  context.fillStyle = theme.background;
  for (let power = 1; power < 9; power++) context.fillRect((power / 9) * width, top, 1, 7);
  context.fillStyle = theme.text;
  context.font = `14px ${theme.font}`;
  context.textBaseline = "bottom";
  const said = norm === undefined ? "no gradient yet" : `‖∇‖ ${digits(norm)}${norm < VANISHED ? ": almost 0" : ""}`;
  context.fillText(said, 0, top - 2);
  if (moved !== undefined && top > 2 * LINE) context.fillText(`moved ${percent(moved)}`, 0, top - 2 - LINE);
}

/**
 * A share as 0.12 %.
 *
 * @param {number} share
 */
const percent = (share) => `${digits(100 * share)} %`;
