// Samples on canvases: mosaics of images, one image, or points coloured by where they land.

import { decodeMosaic, drawMosaic, fitMosaic, mosaicSize } from "./mosaic.js";
import { alpha } from "../base/theme.js";

const SHARPEST = 2; // device pixels a CSS pixel
const SMOOTH = 24; // images of more pixels a side are smoothed when enlarged

// A canvas that fits its box, cleared: { context, width, height, ratio } in CSS pixels, or null if it is not visible.
export function sheet(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return null;
  const ratio = Math.min(window.devicePixelRatio || 1, SHARPEST);
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height, ratio };
}

// The samples of an answer as a mosaic. Points become tiles of one pixel, in the colour of their place.
export async function asMosaic(answer, extent) {
  if (!answer.points) return decodeMosaic(answer);
  const { points } = answer;
  const count = points.shape[0];
  const rows = answer.grid_rows ?? 1;
  const image = document.createElement("canvas");
  Object.assign(image, { width: count / rows, height: rows });
  const context = image.getContext("2d");
  for (let i = 0; i < count; i++) {
    context.fillStyle = placeColour(points, i, extent);
    context.fillRect(i % image.width, Math.floor(i / image.width), 1, 1);
  }
  return { image, rows, columns: image.width, height: 1, width: 1 };
}

// A colour for each place: its direction gives the hue, its distance from the middle the depth.
export function placeColour(points, i, extent) {
  if (points.shape[1] === 1) return `hsl(${220 - 100 * (1 - points[i] / extent)} 62% 56%)`;
  const [x, y] = [points[2 * i], points[2 * i + 1]];
  const hue = (Math.atan2(y, x) * 180) / Math.PI;
  return `hsl(${hue} 68% ${78 - 34 * Math.min(1, Math.hypot(x, y) / extent)}%)`;
}

// Draw a mosaic as large as it fits. Returns where it lies: { left, top, width, height }, or null.
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

// Draw one tile of a mosaic as large as it fits, its pixels crisp where they are few.
export function paintTile(canvas, mosaic, index = 0) {
  const drawing = sheet(canvas);
  if (!drawing) return;
  const { context, width, height } = drawing;
  const side = Math.floor(Math.min(width, height));
  context.imageSmoothingEnabled = mosaic.height >= SMOOTH;
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

// Points where they land, over real ones. shown: { points, colours, path, at } with the index to mark.
export function paintPlace(canvas, shown, { real, theme }) {
  const drawing = sheet(canvas);
  if (!drawing || !real) return;
  const area = square(drawing);
  const extent = farthest(shown.points, real.extent);
  const place = placer(area, extent, shown.points.shape[1]);
  frame(drawing.context, area, theme);
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

// A line of latents from left to right, and how high each lands: one latent dimension, one of the data.
export function paintCurve(canvas, points, { real, theme }) {
  const drawing = sheet(canvas);
  if (!drawing) return null;
  const { context } = drawing;
  const area = square(drawing);
  const extent = farthest(points, real.extent);
  const y = (value) => area.top + ((1 - value / extent) / 2) * area.side;
  const count = points.shape[0];
  frame(context, area, theme);
  context.fillStyle = alpha(theme.real, 0.35);
  for (const value of real.points) context.fillRect(area.left, y(value) - 0.5, 16, 1);
  for (let i = 0; i < count; i++) {
    context.fillStyle = placeColour(points, i, real.extent);
    disc(context, area.left + (i / (count - 1)) * area.side, y(points[i]), 4);
  }
  return { left: area.left, top: area.top, width: area.side, height: area.side };
}

// The data's extent, or up to twice as much where the points reach farther.
export function farthest(points, extent) {
  return Math.min(2 * extent, Math.max(extent, ...points.map(Math.abs)));
}

function square({ width, height }) {
  const side = Math.min(width, height) - 2;
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}

// Where a value lies: points in the plane as they are, those on a line along the middle.
function placer({ left, top, side }, extent, dimension) {
  const along = (value) => ((value / extent + 1) / 2) * side;
  return dimension === 2
    ? (points, i) => [left + along(points[2 * i]), top + side - along(points[2 * i + 1])]
    : (points, i) => [left + along(points[i]), top + side / 2];
}

function frame(context, { left, top, side }, theme) {
  context.strokeStyle = theme.axis;
  context.lineWidth = 1;
  context.strokeRect(left, top, side, side);
}

function specks(context, points, place, colour) {
  context.fillStyle = colour;
  const flat = points.shape[1] === 1;
  for (let i = 0; i < points.shape[0]; i++) {
    const [x, y] = place(points, i);
    if (flat) context.fillRect(x - 0.5, y - 14, 1, 28);
    else context.fillRect(x - 1, y - 1, 2, 2);
  }
}

function track(context, points, place, theme) {
  context.beginPath();
  for (let i = 0; i < points.shape[0]; i++) context.lineTo(...place(points, i));
  context.strokeStyle = alpha(theme.generator, 0.6);
  context.lineWidth = 1.5;
  context.stroke();
}

function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
