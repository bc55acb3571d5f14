// What is seen of one member of a wall: its samples, or a cross where it has broken off.

import { drawMosaic, fitMosaic, mosaicSize } from "../drawing/mosaic.js";
import { alpha } from "../base/theme.js";

// wall: what Python sent of all members, images already unpacked into `mosaics`.
export function drawMember(canvas, wall, member, broken, theme) {
  const ratio = window.devicePixelRatio || 1;
  const side = canvas.clientWidth;
  if (!side) return;
  const pixels = Math.round(side * ratio);
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, side, side);
  if (broken) return drawCross(context, side, theme.axis);
  if (wall.kind === "images") return drawImages(context, wall.mosaics[member], side, ratio);
  if (wall.kind === "line") return drawBars(context, wall, member, side, theme);
  drawPoints(context, wall.real, 0, wall.real.shape[0], wall.extent, side, alpha(theme.real, 0.3), 1);
  const n = wall.points.shape[1];
  drawPoints(context, wall.points, member * n, n, wall.extent, side, theme.generated, 1.6);
}

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

// `count` points of an (n, 2) array from the point `first` on; those that are not numbers lie outside.
function drawPoints(context, points, first, count, extent, side, colour, size) {
  context.fillStyle = colour;
  const scale = side / (2 * extent);
  for (let i = first; i < first + count; i++) {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    if (!Number.isNaN(x) && !Number.isNaN(y))
      context.fillRect((x + extent) * scale - size / 2, (extent - y) * scale - size / 2, size, size);
  }
}

function drawBars(context, { bars, real }, member, side, theme) {
  const n = real.length;
  const own = bars.subarray(member * n, (member + 1) * n);
  const top = 1.3 * Math.max(...real);
  for (const [values, colour] of [
    [real, alpha(theme.real, 0.35)],
    [own, alpha(theme.generated, 0.75)],
  ]) {
    context.fillStyle = colour;
    values.forEach((value, i) => {
      const height = Math.min(1, value / top) * side;
      context.fillRect((i * side) / n, side - height, side / n - 0.5, height);
    });
  }
}

function drawImages(context, mosaic, side, ratio) {
  const scale = fitMosaic(mosaic, { width: side, height: side }, ratio);
  const { width, height } = mosaicSize(mosaic, scale);
  drawMosaic(context, mosaic, (side - width) / 2, (side - height) / 2, scale);
}
