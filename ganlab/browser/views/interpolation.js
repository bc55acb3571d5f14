// @ts-check
// The generator's way from one latent to another: a path in the plane, a curve on the line, or a strip of images.

import { CanvasView } from "../base/canvas_view.js";
import { attribute, element } from "../base/dom.js";
import { decodeMosaic, drawMosaic, fitMosaic, mosaicSize } from "../drawing/mosaic.js";
import { count, figure, span, SteadyRange } from "../base/numbers.js";
import { alpha } from "../base/theme.js";

/** @import { Drawing, Mosaic, Numbers, PackedMosaic, PlaneView, Scale, Theme, TrainRoom } from "../base/types.js" */

/** @typedef {[number, number]} Pixel */
/** @typedef {{ kind: string, path?: Numbers } & PackedMosaic} Interpolation a path of points, or images */

/** @param {TrainRoom} room */
export const train = (room) => [new InterpolationView(room)];

const interpolation = {
  id: "interpolation",
  views: ["interpolation"],
  slot: "interpolation",
  over: ["plane"], // its real points
  title: "Interpolation",
  tip:
    "The samples that G makes on the path from one fixed latent to another (lerp: straight; slerp: along the sphere " +
    "where Gaussian latents lie). If they change smoothly, G has learned more than single examples. Jumps show gaps.",
};

const KINDS = ["lerp", "slerp"];

/** @extends {CanvasView<TrainRoom>} */
class InterpolationView extends CanvasView {
  /** @type {string | undefined} the kind that was chosen, until a frame shows it */
  wanted;

  /** @param {TrainRoom} room */
  constructor(room) {
    super(interpolation, room);
    this.buttons = KINDS.map((kind) =>
      element("button", { type: "button", class: "choice", onclick: () => this.#choose(kind) }, kind),
    );
    const choices = element("span", { class: "choices", role: "group", "aria-label": "Kind of interpolation" });
    choices.append(...this.buttons);
    if (!room.data.watching) this.tools.before(choices);
    this.vertical = new SteadyRange();
    this.#press(room.data.interpolation ?? "lerp");
  }

  reset() {
    super.reset();
    this.vertical.reset();
  }

  async draw() {
    const { frame } = this;
    if (!frame) return;
    /** @type {Interpolation} */
    const view = frame.views.interpolation;
    if (view.kind === this.wanted) this.wanted = undefined;
    this.#press(this.wanted ?? view.kind ?? "lerp");
    const turn = (this.turn += 1);
    const strip = view.path ? null : await decodeMosaic(view);
    if (turn < this.painted) return;
    this.painted = turn;
    const drawing = this.clear();
    if (!drawing) return;
    if (strip) this.#strip(drawing, strip);
    else if (view.path?.shape[1] === 2) this.#path(drawing, view.path, frame.views.plane);
    else if (view.path) this.#curve(drawing, view.path);
    this.describe(`Iteration ${count(frame.iteration)}, ${view.kind}: ${strip ? "images" : "points"} from z1 to z2.`);
  }

  /**
   * The socket carries only "these views"; what to show in them is Python's to say.
   *
   * @param {string} kind
   */
  #choose(kind) {
    this.wanted = kind;
    this.#press(kind);
    this.room.send("interpolation", kind);
  }

  /** @param {string} kind */
  #press(kind) {
    this.buttons.forEach((button, i) => attribute(button, "aria-pressed", String(KINDS[i] === kind)));
  }

  /**
   * @param {Drawing} drawing
   * @param {Mosaic} strip
   */
  #strip({ context, width, height, ratio }, strip) {
    const scale = fitMosaic(strip, { width, height }, ratio);
    const size = mosaicSize(strip, scale);
    drawMosaic(context, strip, Math.round((width - size.width) / 2), Math.round((height - size.height) / 2), scale);
  }

  /**
   * @param {Drawing} drawing
   * @param {Numbers} path
   * @param {PlaneView} [plane]
   */
  #path({ context, width, height }, path, plane) {
    const { theme } = this.room;
    const extent = plane?.extent ?? Math.max(...span(path).map(Math.abs)) * 1.1;
    const side = Math.min(width, height) - 8;
    /** @param {number} value */
    const x = (value) => width / 2 + (value / extent) * (side / 2);
    /** @param {number} value */
    const y = (value) => height / 2 - (value / extent) * (side / 2);
    context.strokeStyle = theme.grid;
    context.strokeRect(width / 2 - side / 2, height / 2 - side / 2, side, side);
    context.save();
    context.beginPath();
    context.rect(width / 2 - side / 2, height / 2 - side / 2, side, side);
    context.clip();
    if (plane?.real) specks(context, plane.real, x, y, alpha(theme.real, 0.35));
    /** @type {Pixel[]} */
    const points = Array.from({ length: path.length / 2 }, (_, i) => [x(path[2 * i]), y(path[2 * i + 1])]);
    way(context, points, theme);
    context.restore();
    context.fillStyle = theme.text;
    context.font = `600 12px ${theme.font}`;
    const [from, to] = [points[0], points[points.length - 1]];
    // They lie close together in a G that has learned nothing.
    const close = Math.abs(from[0] - to[0]) < 24 && Math.abs(from[1] - to[1]) < 18;
    context.fillText("z1", from[0] + 8, from[1] - 6);
    context.fillText("z2", to[0] + 8, to[1] + (close ? 16 : -6));
  }

  /**
   * @param {Drawing} drawing
   * @param {Numbers} path
   */
  #curve({ context, width, height }, path) {
    const { theme } = this.room;
    const [lo, hi] = this.vertical.fit(...span(path));
    const [left, right, top, bottom] = [34, width - 12, 8, height - 20];
    /** @type {Pixel[]} */
    const points = Array.from(path, (value, i) => [
      left + (i / (path.length - 1)) * (right - left),
      bottom - ((value - lo) / (hi - lo)) * (bottom - top),
    ]);
    context.strokeStyle = theme.axis;
    context.strokeRect(left, top, right - left, bottom - top);
    context.fillStyle = theme.muted;
    context.font = `12px ${theme.font}`;
    context.textAlign = "right";
    context.fillText(figure(hi), left - 5, top + 8);
    context.fillText(figure(lo), left - 5, bottom);
    context.textAlign = "left";
    context.fillText("z1", left, bottom + 14);
    context.textAlign = "right";
    context.fillText("z2", right, bottom + 14);
    way(context, points, theme);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Numbers} points
 * @param {Scale} x
 * @param {Scale} y
 * @param {string} colour
 */
function specks(context, points, x, y, colour) {
  context.fillStyle = colour;
  for (let i = 0; i < points.length; i += 2) context.fillRect(x(points[i]) - 1, y(points[i + 1]) - 1, 2, 2);
}

/**
 * Equal steps in the latent as dots on the way: where they lie far apart, G jumps. The ends are marked.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Pixel[]} points
 * @param {Theme} theme
 */
function way(context, points, theme) {
  context.beginPath();
  points.forEach(([px, py], i) => (i ? context.lineTo(px, py) : context.moveTo(px, py)));
  context.strokeStyle = alpha(theme.generator, 0.6);
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = theme.generator;
  points.forEach(([px, py], i) => {
    const end = i === 0 || i === points.length - 1;
    context.beginPath();
    context.arc(px, py, end ? 5 : 2.2, 0, 2 * Math.PI);
    context.fill();
  });
}
