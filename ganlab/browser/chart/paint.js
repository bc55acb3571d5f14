// @ts-check
// A figure drawn onto a canvas: axes, bands, bars, curves, and the lines that mark something.

import { scaleOf, ticksFor } from "./axis.js";

/** @import { Area, Axis, Band, Bars, Curve, Drawing, Figure, Mark, Plot, Theme, Zoom } from "../base/types.js" */
/** @typedef {CanvasRenderingContext2D} Context */

const MARGIN = { left: 38, right: 36, top: 7, bottom: 21 };
const SIZE = 12; // pixels of the axes' letters
const ROOM = { across: 52, up: 26 }; // pixels that a tick's text needs
const BAR = 0.96; // of the distance from one bar to the next
/** @type {Record<Curve["dash"], number[]>} */
const DASHES = { solid: [], dash: [7, 4], dot: [1.5, 3] };

/**
 * Draws what the figure says, and tells where everything is.
 *
 * @param {Drawing} drawing
 * @param {Figure} figure
 * @param {Zoom} zoom for each axis, the range that a person chose
 * @param {Theme} theme
 * @returns {Plot}
 */
export function paint({ context, width, height }, figure, zoom, theme) {
  const margin = { ...MARGIN, ...figure.margin };
  const area = {
    left: margin.left,
    top: margin.top,
    width: Math.max(1, width - margin.left - margin.right),
    height: Math.max(1, height - margin.top - margin.bottom),
  };
  const [right, bottom] = [area.left + area.width, area.top + area.height];
  /** @type {(axis: Axis, name: keyof Zoom) => Axis} */
  const seen = (axis, name) => ({ ...axis, range: zoom[name] ?? axis.range });
  const axes = { x: seen(figure.x, "x"), y: seen(figure.y, "y"), y2: figure.y2 && seen(figure.y2, "y2") };
  const x = scaleOf(axes.x, area.left, right);
  const y = scaleOf(axes.y, bottom, area.top);
  const y2 = axes.y2 ? scaleOf(axes.y2, bottom, area.top) : y;
  /** @type {Plot} */
  const plot = { area, axes, x, y, y2 };
  if (figure.note) {
    note(context, figure.note, area, theme);
    return plot;
  }
  paintAxes(context, plot, theme);
  context.save();
  context.beginPath();
  context.rect(area.left, area.top - 2, area.width, area.height + 3);
  context.clip();
  context.lineJoin = "round";
  for (const each of figure.bands ?? []) paintBand(context, each, plot);
  for (const each of figure.bars ?? []) paintBars(context, each, plot);
  for (const each of figure.curves) paintCurve(context, each, plot);
  for (const mark of figure.marks ?? []) paintMark(context, mark, plot);
  context.restore();
  nameMarks(context, figure.marks ?? [], plot, theme);
  return plot;
}

/**
 * @param {Context} context
 * @param {Plot} plot
 * @param {Theme} theme
 */
function paintAxes(context, { area, axes, x, y, y2 }, theme) {
  const [right, bottom] = [area.left + area.width, area.top + area.height];
  const across = ticksFor(axes.x, area.width / ROOM.across);
  const up = ticksFor(axes.y, area.height / ROOM.up);
  const beside = axes.y2 ? ticksFor(axes.y2, area.height / ROOM.up) : [];
  context.lineWidth = 1;
  context.strokeStyle = theme.grid;
  context.beginPath();
  for (const [value] of up) level(context, y.at(value), area.left, right);
  if (axes.x.grid) for (const [value] of across) upright(context, x.at(value), area.top, bottom);
  context.stroke();
  context.strokeStyle = theme.axis;
  context.beginPath();
  for (const [value] of across) upright(context, x.at(value), bottom, bottom + 3);
  for (const [value] of up) level(context, y.at(value), area.left - 3, area.left);
  for (const [value] of beside) level(context, y2.at(value), right, right + 3);
  context.stroke();
  context.fillStyle = theme.muted;
  context.font = `${axes.x.size ?? SIZE}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const [value, text] of across) context.fillText(text, x.at(value), bottom + 5);
  if (axes.x.title) {
    context.textAlign = "right";
    context.textBaseline = "bottom";
    context.fillText(axes.x.title, right - 4, bottom - 4);
  }
  context.font = `${axes.y.size ?? SIZE}px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const [value, text] of up) context.fillText(text, area.left - 5, y.at(value));
  context.textAlign = "left";
  for (const [value, text] of beside) context.fillText(text, right + 5, y2.at(value));
}

/** @type {(context: Context, y: number, from: number, to: number) => void} */
function level(context, y, from, to) {
  context.moveTo(from, Math.round(y) + 0.5);
  context.lineTo(to, Math.round(y) + 0.5);
}

/** @type {(context: Context, x: number, from: number, to: number) => void} */
function upright(context, x, from, to) {
  context.moveTo(Math.round(x) + 0.5, from);
  context.lineTo(Math.round(x) + 0.5, to);
}

/**
 * A line through the curve's points; a dot, where there is one point.
 *
 * @param {Context} context
 * @param {Curve} curve
 * @param {Plot} plot
 */
function paintCurve(context, { x, y, colour, width, dash, steps, axis, opacity = 1, fill }, plot) {
  const up = axis === "y2" ? plot.y2 : plot.y;
  context.globalAlpha = opacity;
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = width;
  context.setLineDash(DASHES[dash]);
  context.beginPath();
  let before = NaN; // the height of the point before, if there is a curve from there
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [plot.x.at(x[i]), up.at(y[i])];
    if (Number.isNaN(py)) before = NaN;
    else if (Number.isNaN(before)) context.moveTo(px, py);
    else {
      if (steps) context.lineTo(px, before);
      context.lineTo(px, py);
    }
    before = py;
  }
  context.stroke();
  context.setLineDash([]);
  if (fill && x.length) {
    context.lineTo(plot.x.at(x[x.length - 1]), up.at(0));
    context.lineTo(plot.x.at(x[0]), up.at(0));
    context.fillStyle = fill;
    context.fill();
  }
  if (x.length === 1) {
    context.beginPath();
    context.arc(plot.x.at(x[0]), up.at(y[0]), 3, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/**
 * @param {Context} context
 * @param {Band} band
 * @param {Plot} plot
 */
function paintBand(context, { x, lo, hi, fill }, plot) {
  context.beginPath();
  for (let i = 0; i < x.length; i++) reach(context, plot.x.at(x[i]), plot.y.at(hi[i]));
  for (let i = x.length - 1; i >= 0; i--) reach(context, plot.x.at(x[i]), plot.y.at(lo[i]));
  context.fillStyle = fill;
  context.fill();
}

/** @type {(context: Context, x: number, y: number) => void} */
function reach(context, x, y) {
  if (!Number.isNaN(y)) context.lineTo(x, y);
}

/**
 * @param {Context} context
 * @param {Bars} bars
 * @param {Plot} plot
 */
function paintBars(context, { x, y, colour }, plot) {
  if (x.length < 2) return;
  const width = (plot.x.at(x[1]) - plot.x.at(x[0])) * BAR;
  const ground = plot.y.at(0);
  context.fillStyle = colour;
  for (let i = 0; i < x.length; i++) {
    const top = plot.y.at(y[i]);
    context.fillRect(plot.x.at(x[i]) - width / 2, top, width, ground - top);
  }
}

/**
 * @param {Context} context
 * @param {Mark} mark
 * @param {Plot} plot
 */
function paintMark(context, mark, { area, x, y, y2 }) {
  context.strokeStyle = mark.colour;
  context.globalAlpha = mark.opacity ?? 1;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.beginPath();
  if (mark.x !== undefined) upright(context, x.at(mark.x), area.top, area.top + area.height);
  else level(context, (mark.axis === "y2" ? y2 : y).at(mark.y ?? NaN), area.left, area.left + area.width);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * Each mark's name beside it. Of levels that are close together, the higher one's name stands above the other's.
 *
 * @param {Context} context
 * @param {Mark[]} marks
 * @param {Plot} plot
 * @param {Theme} theme
 */
function nameMarks(context, marks, plot, theme) {
  let room = Infinity; // the lowest place for the next name of a level
  /** @param {Mark} mark */
  const height = ({ y, axis }) => (axis === "y2" ? plot.y2 : plot.y).at(y ?? NaN);
  const levels = marks.filter((mark) => mark.x === undefined && mark.label && !Number.isNaN(height(mark)));
  for (const mark of levels.sort((a, b) => height(b) - height(a))) {
    const top = Math.min(height(mark), room);
    nameMark(context, mark, top, plot, theme);
    room = top - SIZE;
  }
  for (const mark of marks) if (mark.x !== undefined) nameMark(context, mark, plot.area.top, plot, theme);
}

/**
 * @param {Context} context
 * @param {Mark} mark
 * @param {number} top where the name stands
 * @param {Plot} plot
 * @param {Theme} theme
 */
function nameMark(context, { x: across, label, colour }, top, { area, x }, theme) {
  if (!label) return;
  const [right, bottom] = [area.left + area.width, area.top + area.height];
  context.font = `${SIZE}px ${theme.font}`;
  context.fillStyle = across === undefined ? colour : theme.text;
  context.textBaseline = across === undefined ? "middle" : "top";
  const at = across === undefined ? right : x.at(across);
  const room = across === undefined || at + 3 + context.measureText(label).width <= right;
  context.textAlign = room ? "left" : "right"; // a name that would be cut off stands before its line
  const left = room ? at + 3 : at - 3;
  if (left < area.left || left > right + 3 || top < area.top - 1 || top > bottom + 1) return;
  context.lineWidth = 3; // a halo, where a curve runs behind the name
  context.strokeStyle = theme.background;
  context.strokeText(label, left, top);
  context.fillText(label, left, top);
}

/**
 * A sentence in the middle of a chart that has nothing to show yet.
 *
 * @param {Context} context
 * @param {string} text
 * @param {Area} area
 * @param {Theme} theme
 */
function note(context, text, area, theme) {
  context.font = `${SIZE}px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (context.measureText(longer).width <= area.width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const top = area.top + area.height / 2 - ((lines.length - 1) * SIZE * 1.35) / 2;
  lines.forEach((line, i) => context.fillText(line, area.left + area.width / 2, top + i * SIZE * 1.35));
}
