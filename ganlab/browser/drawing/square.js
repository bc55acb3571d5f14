// @ts-check
// A square part of a canvas that shows the data's plane.

import { alpha } from "../base/theme.js";

/** @import { Area, Scale, Theme } from "../base/types.js" */
/** @typedef {{ area: Area, x: Scale, y: Scale }} Square */

const GAP = 12; // pixels between two squares
const HEAD = 22; // pixels for what stands over one

/**
 * So many squares side by side, or beneath each other where that makes them larger, each with room for a line above.
 *
 * @param {number} many
 * @param {number} width
 * @param {number} height
 * @param {number} extent of the data
 * @returns {Square[]}
 */
export function squares(many, width, height, extent) {
  /** @param {number} across */
  const side = (across) => {
    const down = Math.ceil(many / across);
    return Math.floor(Math.min((width - GAP * (across - 1)) / across, (height - GAP * (down - 1)) / down - HEAD));
  };
  const across = side(many) >= side(1) ? many : 1;
  const size = Math.max(20, side(across));
  const [wide, high] = [across * size + GAP * (across - 1), size + HEAD + GAP];
  return Array.from({ length: many }, (_, i) => {
    const left = (width - wide) / 2 + (i % across) * (size + GAP);
    const top = HEAD + Math.floor(i / across) * high;
    return inSquare({ left, top, width: size, height: size }, extent);
  });
}

/**
 * The scales of a plane in a square.
 *
 * @param {Area} area
 * @param {number} extent
 * @returns {Square}
 */
export function inSquare(area, extent) {
  return {
    area,
    x: (value) => area.left + ((value + extent) / (2 * extent)) * area.width,
    y: (value) => area.top + ((extent - value) / (2 * extent)) * area.height,
  };
}

/**
 * Draw into a square alone, then its frame and what stands over it.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Square} square
 * @param {string} title
 * @param {Theme} theme
 * @param {() => void} draw
 */
export function within(context, { area }, title, theme, draw) {
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.width, area.height);
  context.clip();
  draw();
  context.restore();
  context.strokeStyle = theme.axis;
  context.lineWidth = 1;
  context.strokeRect(area.left + 0.5, area.top + 0.5, area.width - 1, area.height - 1);
  context.fillStyle = theme.text;
  context.font = `600 14px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(title, area.left, area.top - 5);
}

/**
 * A cross at a place.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {Theme} theme
 */
export function cross(context, x, y, theme) {
  for (const [width, colour] of /** @type {[number, string][]} */ ([
    [4, alpha(theme.background, 0.8)],
    [1.6, theme.text],
  ])) {
    context.beginPath();
    context.moveTo(x - 8, y);
    context.lineTo(x + 8, y);
    context.moveTo(x, y - 8);
    context.lineTo(x, y + 8);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}
