// A view drawn on a canvas that fills its card, sharp on any screen.

import { View } from "./card.js";

const SHARPEST = 2; // device pixels a CSS pixel: more would cost time that no eye repays

export class CanvasView extends View {
  constructor(spec, room) {
    super(spec, room);
    this.canvas = document.createElement("canvas");
    this.body.append(this.canvas);
  }

  // Fit the canvas to its card and clear it. Returns { context, width, height } in CSS pixels, or null if not visible.
  clear() {
    const { clientWidth: width, clientHeight: height } = this.body;
    if (!width || !height) return null;
    const ratio = Math.min(window.devicePixelRatio || 1, SHARPEST);
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== across || this.canvas.height !== down) {
      Object.assign(this.canvas, { width: across, height: down });
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.shown();
    return { context, width, height, ratio };
  }
}

// Axes with ticks around a plot area. area: { left, top, width, height }; x and y: a value's pixel.
export function drawAxes(context, area, x, y, ticks, theme) {
  context.save();
  context.strokeStyle = theme.axis;
  context.lineWidth = 1;
  context.strokeRect(area.left - 0.5, area.top - 0.5, area.width + 1, area.height + 1);
  context.fillStyle = theme.muted;
  context.font = `11px ${theme.font}`;
  const [bottom, right] = [area.top + area.height, area.left - 6];
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of ticks) context.fillText(label(tick), x(tick), bottom + 6);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of ticks) context.fillText(label(tick), right, y(tick));
  context.beginPath();
  for (const tick of ticks) {
    context.moveTo(x(tick), bottom);
    context.lineTo(x(tick), bottom + 4);
    context.moveTo(area.left - 4, y(tick));
    context.lineTo(area.left, y(tick));
  }
  context.stroke();
  context.restore();
}

const label = (tick) => String(Number(tick.toFixed(6))).replace("-", "−");
