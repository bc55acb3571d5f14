// @ts-check
// D beside D*, what it would say at its best against G as it is, and where the one is wrong: at samples, real and
// generated ones, since nothing that D sees fixes D* where no samples are.

import { CanvasView } from "../base/canvas_view.js";
import { write } from "../base/dom.js";
import { count, figure as digits, SteadyRange } from "../base/numbers.js";
import { textOf } from "../base/sentences.js";
import { alpha } from "../base/theme.js";
import { squares, within } from "../drawing/square.js";
import { reachOf, shade, Surface } from "../drawing/surface.js";

/** @import { Sentence } from "../base/sentences.js" */
/** @import { Frame, Numbers, Theme, ViewRoom } from "../base/types.js" */
/**
 * @typedef {object} OptimalD see ganlab/views/optimal_d.py
 * @property {Sentence | null} why
 * @property {number} extent
 * @property {Numbers} points (n, 2)
 * @property {number} real how many of them are, the first
 * @property {Numbers} score
 * @property {Numbers} optimum
 * @property {number} error
 * @property {number} floor
 * @property {number} samples
 */

/** @param {ViewRoom} room */
export const model = (room) => [new OptimalView(room)];

const RADIUS = 2.6;
const LEAST = 0.001; // of a floor that is told to its digits

const optimal = {
  id: "optimal-d",
  views: ["optimal_d", "plane"],
  period: 300,
  title: "D beside the best D",
  tip:
    "D* = p / (p + p_G) is the best that D could say against G as it is, if no penalty held it back: 1 where only " +
    "data are, 0 where only generated samples are, ½ where both are as dense. p, the data's density, is known. p_G " +
    "is estimated from 8,000 samples: the nearer the 30 nearest, the denser. Each dot is a sample, real or " +
    "generated: blue where its score is high, orange where it is low. On the right, blue means that D's score is too " +
    "high there, orange that it is too low. Samples are those of G as it trains, not of the average of its weights.",
};

class OptimalView extends CanvasView {
  surface = new Surface();
  reach = new SteadyRange();
  said = document.createElement("span");

  /** @param {ViewRoom} room */
  constructor(room) {
    super(optimal, room);
    this.foot.append(this.said);
  }

  reset() {
    super.reset();
    this.reach.reset();
  }

  draw() {
    const { frame } = this;
    const view = /** @type {OptimalD | undefined} */ (frame?.views.optimal_d);
    this.node.classList.toggle("words", Boolean(view?.why));
    if (view?.why) return this.#say(textOf(view.why));
    const drawing = frame && view && this.clear();
    if (!drawing) return;
    const { theme } = this.room;
    const { context, width, height } = drawing;
    const [mine, best, wrong] = squares(3, width, height, view.extent);
    const half = reachOf(frame, this.reach);
    const [level, plane] = [frame.views.plane?.level ?? 0.5, frame.views.plane];
    /** @param {(i: number) => number} share */
    const colours = (share) => Array.from(view.optimum, (_, i) => share(i));
    within(context, mine, "D now", theme, () => {
      if (plane?.surface) this.surface.draw(context, mine.area, { surface: plane.surface, level }, half, theme);
      scores(
        context,
        view.points,
        colours((i) => 0.5 + (view.score[i] - level) / (2 * half)),
        mine,
        theme,
      );
    });
    within(context, best, "D*, the best", theme, () =>
      scores(
        context,
        view.points,
        colours((i) => 0.5 + (view.optimum[i] - level) / (2 * half)),
        best,
        theme,
      ),
    );
    within(context, wrong, "D − D*", theme, () =>
      scores(
        context,
        view.points,
        colours((i) => 0.5 + (view.score[i] - view.optimum[i])),
        wrong,
        theme,
      ),
    );
    this.#say(
      `D is off by ${digits(view.error)} on average, over ${count(view.real)} real and ` +
        `${count(view.points.shape[0] - view.real)} generated samples. Floor: ${about(view.floor)}, because ` +
        "D* is itself estimated.",
    );
  }

  /** @param {string} text */
  #say(text) {
    write(this.said, text);
    this.describe(text);
  }
}

/** @param {number} floor */
const about = (floor) => (floor < LEAST ? `below ${LEAST}` : `about ${digits(floor)}`);

/**
 * Samples in the colours of scores, those in the middle of the range with a rim that keeps them in sight.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Numbers} points (n, 2)
 * @param {number[]} shares of the way from low to high
 * @param {import("../drawing/square.js").Square} square
 * @param {Theme} theme
 */
function scores(context, points, shares, { x, y }, theme) {
  context.strokeStyle = alpha(theme.text, 0.4);
  context.lineWidth = 0.6;
  shares.forEach((share, i) => {
    context.beginPath();
    context.arc(x(points[2 * i]), y(points[2 * i + 1]), RADIUS, 0, 2 * Math.PI);
    context.fillStyle = `rgb(${shade(share, theme).join(",")})`;
    context.fill();
    context.stroke();
  });
}
