// @ts-check
// A view drawn on a canvas that fills its card, sharp on any screen.

import { View } from "./card.js";
import { enlargementOf } from "./stage.js";

/** @import { Area, Drawing, Scale, Theme, Ticks, ViewRoom, ViewSpec } from "./types.js" */

const SHARPEST = 2; // device pixels a CSS pixel: more would cost time that no eye repays

/**
 * @template {ViewRoom} [In=ViewRoom]
 * @extends {View<In>}
 */
export class CanvasView extends View {
  // Pictures are decoded beside the main thread: one that comes out after a newer one is dropped.
  turn = 0; // drawings begun
  painted = 0; // the newest that came to its end

  /**
   * @param {ViewSpec} spec
   * @param {In} room
   */
  constructor(spec, room) {
    super(spec, room);
    this.canvas = document.createElement("canvas");
    this.body.append(this.canvas);
  }

  /**
   * Fits the canvas to its card and clears it. Returns null if it is not visible.
   *
   * @returns {Drawing | null}
   */
  clear() {
    const drawing = sheet(this.canvas, this.body);
    if (drawing) this.shown();
    return drawing;
  }
}

/**
 * The canvas, cleared and as large as its box on the screen; null if it is not visible.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Element} [box]
 * @returns {Drawing | null}
 */
export function sheet(canvas, box = canvas) {
  const { clientWidth: width, clientHeight: height } = box;
  if (!width || !height) return null;
  const ratio = Math.min((window.devicePixelRatio || 1) * enlargementOf(box), SHARPEST);
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  const context = pen(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, ratio };
}

/**
 * What draws on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function pen(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives no canvas to draw on.");
  return context;
}

/**
 * Axes with ticks around a plot area: values for both axes, or for each what to write where, and the axes' names.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Area} area
 * @param {Scale} x
 * @param {Scale} y
 * @param {number[] | Ticks} ticks
 * @param {Theme} theme
 */
export function drawAxes(context, area, x, y, ticks, theme) {
  context.save();
  context.strokeStyle = theme.axis;
  context.lineWidth = 1;
  context.strokeRect(area.left - 0.5, area.top - 0.5, area.width + 1, area.height + 1);
  context.fillStyle = theme.muted;
  context.font = `12px ${theme.font}`;
  const [bottom, right] = [area.top + area.height, area.left - 6];
  /** @type {[number, string][]} */
  const alike = Array.isArray(ticks) ? ticks.map((tick) => [tick, label(tick)]) : [];
  const { across, up, names } = Array.isArray(ticks) ? { across: alike, up: alike, names: [] } : ticks;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const [tick, text] of across) context.fillText(text, x(tick), bottom + 6);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [tick, text] of up) context.fillText(text, right, y(tick));
  context.textBaseline = "bottom";
  if (names[0]) context.fillText(names[0], area.left + area.width - 6, bottom - 4);
  context.textAlign = "left";
  context.textBaseline = "top";
  if (names[1]) context.fillText(names[1], area.left + 6, area.top + 4);
  context.beginPath();
  for (const [tick] of across) {
    context.moveTo(x(tick), bottom);
    context.lineTo(x(tick), bottom + 4);
  }
  for (const [tick] of up) {
    context.moveTo(area.left - 4, y(tick));
    context.lineTo(area.left, y(tick));
  }
  context.stroke();
  context.restore();
}

/** @param {number} tick */
const label = (tick) => String(Number(tick.toFixed(6))).replace("-", "−");
