// @ts-check
// D's scores as a surface in space beside the same surface seen from above: what is pointed at in one is marked in
// both. It turns with the mouse, a finger or the arrow keys.

import { CanvasView } from "../base/canvas_view.js";
import { write } from "../base/dom.js";
import { count, figure as digits, SteadyRange } from "../base/numbers.js";
import { placeIn } from "../base/stage.js";
import { alpha } from "../base/theme.js";
import { contour } from "../drawing/contour.js";
import { dots } from "../drawing/layers.js";
import { cross, squares, within } from "../drawing/square.js";
import { reachOf, shade, Surface } from "../drawing/surface.js";
import { restored } from "../drawing/units.js";
import { seen, turnedOn } from "./turning.js";

/** @import { Drawing, Numbers, PlaneView, ViewRoom } from "../base/types.js" */
/** @import { Square } from "../drawing/square.js" */
/** @import { Place } from "./turning.js" */
/** @typedef {{ depth: number, draw: () => void }} Piece */

const CELLS = 31; // a side
const HIGH = 0.7; // of the highest score, where half a side of the plane is 1
const SMALL = 0.66; // of half the square's side, so that every corner stays in sight
const KEY = Math.PI / 24; // radians a press
const MOST_DOTS = 120; // of each kind
const START = { around: -0.6, tilt: 0.75 };

const relief = {
  id: "relief",
  views: ["plane"],
  period: 200,
  title: "D's surface",
  tip:
    "D's score at each place, seen from above and in space: high where D takes samples for real. On the green line D " +
    "is undecided. Drag, or use the arrow keys, to turn it; point at a place to find it in both pictures.",
};

export class ReliefView extends CanvasView {
  view = START;
  reach = new SteadyRange();
  flat = new Surface();
  /** @type {[number, number] | undefined} the place in the plane that is pointed at */
  place;
  /** @type {[Square, Square] | undefined} where both pictures are */
  drawn;
  where = document.createElement("span");

  /** @param {ViewRoom} room */
  constructor(room) {
    super(relief, room);
    this.foot.append(this.where);
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", "D's surface in space: turn it with the arrow keys");
    this.body.removeAttribute("role"); // it holds something that can be used
    this.canvas.onkeydown = (event) => this.#key(event);
    this.canvas.onpointerdown = (event) => this.#drag(event);
    this.canvas.onpointermove = (event) => this.#point(...placeIn(this.canvas, event));
    this.canvas.onpointerleave = () => this.#mark(undefined);
  }

  reset() {
    super.reset();
    this.reach.reset();
  }

  draw() {
    const { frame } = this;
    const view = frame?.views.plane;
    const { surface, level = 0 } = view ?? {};
    const drawing = frame && surface && this.clear();
    if (!drawing || !view) return;
    const { theme } = this.room;
    const half = reachOf(frame, this.reach);
    const [flat, space] = squares(2, drawing.width, drawing.height, view.extent);
    this.drawn = [flat, space];
    within(drawing.context, flat, "From above", theme, () => {
      this.flat.draw(drawing.context, flat.area, { surface, level }, half, theme);
      if (view.real) dots(drawing.context, view.real, flat.x, flat.y, theme.real, theme.background);
      if (view.fake) dots(drawing.context, view.fake, flat.x, flat.y, theme.generated, theme.background);
      if (this.place) cross(drawing.context, flat.x(this.place[0]), flat.y(this.place[1]), theme);
    });
    within(drawing.context, space, "In space", theme, () => this.#paint(drawing, view, surface, level, half));
    this.#tell(view);
    this.describe(
      `Iteration ${count(frame.iteration)}: D's scores from ${digits(level - half)} to ${digits(level + half)}.`,
    );
  }

  /**
   * The surface from the farthest piece to the nearest, with samples lying on it.
   *
   * @param {Drawing} drawing
   * @param {PlaneView} view
   * @param {Numbers} surface
   * @param {number} level
   * @param {number} half
   */
  #paint({ context }, view, surface, level, half) {
    const { theme } = this.room;
    const [rows, columns] = surface.shape;
    /** @param {number} value */
    const up = (value) => HIGH * Math.max(-1, Math.min(1, (value - level) / half));
    /** @type {(x: number, y: number, value: number) => [number, number, number]} */
    const at = (x, y, value) => this.#project([x, y, up(value)]);
    /** @param {number} i */
    const node = (i) => Math.round((i * (columns - 1)) / CELLS);
    /** @param {number} i */
    const unit = (i) => (2 * i) / (columns - 1) - 1;
    /** @type {Piece[]} */
    const pieces = [];
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        const corners = [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ].map(([right, over]) => {
          const [i, j] = [node(column + right), node(row + over)];
          return { value: surface[j * columns + i], seen: at(unit(i), unit(j), surface[j * columns + i]) };
        });
        const mean = corners.reduce((sum, { value }) => sum + value, 0) / 4;
        const depth = corners.reduce((sum, { seen: [, , away] }) => sum + away, 0) / 4;
        pieces.push({ depth, draw: () => this.#quad(context, corners, (mean - level) / (2 * half) + 0.5) });
      }
    }
    contour(surface, rows, columns, level, (x1, y1, x2, y2) => {
      const ends = [at(unit(x1), unit(y1), level), at(unit(x2), unit(y2), level)];
      const depth = Math.min(ends[0][2], ends[1][2]) - 0.05; // on the surface, so a little nearer
      pieces.push({ depth, draw: () => stroke(context, ends, theme.discriminator, 2) });
    });
    for (const [points, colour] of /** @type {[Numbers | null, string][]} */ ([
      [view.real, theme.real],
      [view.fake, theme.generated],
    ])) {
      for (let i = 0; points && i < Math.min(MOST_DOTS, points.shape[0]); i++) {
        const place = [points[2 * i] / view.extent, points[2 * i + 1] / view.extent];
        if (!place.every((value) => Math.abs(value) <= 1)) continue;
        const spot = at(place[0], place[1], this.flat.at(surface, (place[0] + 1) / 2, (place[1] + 1) / 2));
        pieces.push({
          depth: spot[2] - 0.06,
          draw: () =>
            dots(
              context,
              spot,
              (v) => v,
              (v) => v,
              colour,
              theme.background,
            ),
        });
      }
    }
    pieces.sort((a, b) => b.depth - a.depth);
    for (const { draw } of pieces) draw();
    if (!this.place) return;
    const [x, y] = this.place.map((value) => value / view.extent);
    const spot = at(x, y, this.flat.at(surface, (x + 1) / 2, (y + 1) / 2));
    cross(context, spot[0], spot[1], theme);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {{ seen: number[] }[]} corners
   * @param {number} share
   */
  #quad(context, corners, share) {
    const { theme } = this.room;
    context.beginPath();
    for (const { seen: spot } of corners) context.lineTo(spot[0], spot[1]);
    context.closePath();
    context.fillStyle = `rgb(${shade(share, theme, 0.75).join(",")})`;
    context.fill();
    context.strokeStyle = alpha(theme.text, 0.16);
    context.lineWidth = 0.7;
    context.stroke();
  }

  /**
   * In pixels, and how far away.
   *
   * @param {Place} place
   * @returns {[number, number, number]}
   */
  #project(place) {
    const [, { area }] = /** @type {[Square, Square]} */ (this.drawn);
    const [right, up, away] = seen(place, this.view);
    const unit = (area.width / 2) * SMALL;
    return [area.left + area.width / 2 + unit * right, area.top + area.height / 2 - unit * up, away];
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    this.#turnBy(by[0] * KEY, by[1] * KEY);
  }

  /**
   * A finger that moves up or down scrolls the page, as anywhere.
   *
   * @param {PointerEvent} event
   */
  #drag(event) {
    this.canvas.setPointerCapture(event.pointerId);
    let [x, y] = [event.clientX, event.clientY];
    const move = (/** @type {PointerEvent} */ now) => {
      this.#turnBy((x - now.clientX) / 120, (now.clientY - y) / 120);
      [x, y] = [now.clientX, now.clientY];
    };
    const end = () => {
      this.canvas.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) this.canvas.removeEventListener(name, end);
    };
    this.canvas.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, end);
  }

  /**
   * @param {number} around
   * @param {number} tilt
   */
  #turnBy(around, tilt) {
    this.view = turnedOn(this.view, around, tilt);
    this.canvas.dataset.turn = `${this.view.around.toFixed(2)} ${this.view.tilt.toFixed(2)}`;
    this.draw(); // at once: whoever turns it waits for it
  }

  /**
   * @param {number} px
   * @param {number} py
   */
  #point(px, py) {
    const view = this.frame?.views.plane;
    if (!this.drawn || !view?.surface) return;
    const [flat, space] = this.drawn;
    const inside = ({ left, top, width, height } = flat.area) =>
      px >= left && px <= left + width && py >= top && py <= top + height;
    if (inside()) {
      const across = (px - flat.area.left) / flat.area.width;
      const up = 1 - (py - flat.area.top) / flat.area.height;
      this.#mark([(2 * across - 1) * view.extent, (2 * up - 1) * view.extent]);
    } else if (inside(space.area)) this.#mark(this.#nearest(view, px, py));
    else this.#mark(undefined);
  }

  /**
   * The place whose point on the surface is seen nearest to a pixel; of several, the one in front.
   *
   * @param {PlaneView} view
   * @param {number} px
   * @param {number} py
   * @returns {[number, number] | undefined}
   */
  #nearest({ surface, level = 0, extent }, px, py) {
    if (!surface || !this.frame) return undefined;
    const half = reachOf(this.frame, this.reach);
    const [rows, columns] = surface.shape;
    /** @type {{ off: number, place: [number, number] | undefined }} */
    let best = { off: 15, place: undefined };
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [x, y] = [(2 * column) / (columns - 1) - 1, (2 * row) / (rows - 1) - 1];
        const height = HIGH * Math.max(-1, Math.min(1, (surface[row * columns + column] - level) / half));
        const [sx, sy, away] = this.#project([x, y, height]);
        const off = Math.hypot(sx - px, sy - py) + 6 * away;
        if (Math.hypot(sx - px, sy - py) < 10 && off < best.off) best = { off, place: [x * extent, y * extent] };
      }
    }
    return best.place;
  }

  /** @param {[number, number] | undefined} place */
  #mark(place) {
    this.place = place;
    this.room.painter.mark(this);
  }

  /** @param {PlaneView} view */
  #tell({ surface, extent, units }) {
    if (!this.place || !surface) return write(this.where, "Drag or use the arrow keys to turn it.");
    const [across, up] = this.place.map((value) => (value / extent + 1) / 2);
    const [x, y] = this.place.map((value, axis) => digits(restored(units, value, axis)));
    const [first, second] = units?.names.length ? units.names : ["x", "y"];
    write(this.where, `${first} ${x}, ${second} ${y}: D = ${digits(this.flat.at(surface, across, up))}`);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} ends
 * @param {string} colour
 * @param {number} width
 */
function stroke(context, ends, colour, width) {
  context.beginPath();
  for (const [x, y] of ends) context.lineTo(x, y);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}
