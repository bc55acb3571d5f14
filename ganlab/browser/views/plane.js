// @ts-check
// The big view of 2-D data: D's surface, real and generated points, gradients, the generator as a bent grid.

import { CanvasView, drawAxes } from "../base/canvas_view.js";
import { attribute, element, remember, remembered, write } from "../base/dom.js";
import { arrows, dots, groupedDots, names, rings, spokes, warp } from "../drawing/layers.js";
import { reachOf, Surface } from "../drawing/surface.js";
import { restored, ticksIn } from "../drawing/units.js";
import { ReliefView } from "../chart/relief.js";
import { count, figure as digits, SteadyRange } from "../base/numbers.js";
import { placeIn } from "../base/stage.js";

/** @import { Area, PlaneView as Plane, TrainRoom, ViewRoom } from "../base/types.js" */

/** @typedef {"surface" | "warp" | "real" | "fake" | "reconstructed" | "arrows"} Layer */

/**
 * Those of D or of an encoder are offered only where there is one.
 *
 * @type {{ key: Layer, label: string, colour: string, hint: string }[]}
 */
const LAYERS = [
  {
    key: "surface",
    label: "D's surface",
    colour: "discriminator",
    hint: "D's score at each place; on the line D is undecided",
  },
  {
    key: "warp",
    label: "Generator's grid",
    colour: "generator",
    hint: "a square grid of latents, as G bends it " + "into the plane",
  },
  { key: "real", label: "Real", colour: "real", hint: "samples of the data" },
  { key: "fake", label: "Generated", colour: "generated", hint: "G's samples, from the same latents in every frame" },
  {
    key: "reconstructed",
    label: "Reconstructions",
    colour: "discriminator",
    hint: "each real point, encoded and then decoded",
  },
  { key: "arrows", label: "Gradients", colour: "generator", hint: "where the generator's loss pushes each sample" },
];

/** @type {Layer[]} those that are asked for only while they are shown */
const PARTS = ["warp", "arrows"];

/** @param {TrainRoom} room */
export const train = (room) => [new PlaneView(room)];

/** @param {ViewRoom & { data: { model: string } }} room */
export const model = (room) => (room.data.model === "gan" ? [new ReliefView(room)] : []);

const plane = {
  id: "big",
  views: ["plane"],
  period: 150,
  title: "Points in the plane",
  tip:
    "The data, the generator's samples and D's score at every place, now. Here you see the whole game, because it " +
    "has two dimensions. With images the same happens in hundreds of dimensions, which nobody can see.",
};

const planeOfVae = {
  ...plane,
  tip:
    "The data, the samples that the generator makes from noise, and each real point after it is encoded and decoded " +
    "again: a line connects the two. A VAE has no D, so nothing judges the samples.",
};

/** @extends {CanvasView<TrainRoom>} */
class PlaneView extends CanvasView {
  /** @type {Area | undefined} where the plane is on the canvas */
  area;
  /** @type {[number, number] | undefined} where the pointer is, while it is over the plane */
  pointer;
  /** @type {Map<Layer, HTMLButtonElement>} */
  toggles = new Map();
  where = element("span", { class: "where" });
  force = element("span", { class: "force" });
  scale = { low: element("span"), high: element("span") };

  /** @param {TrainRoom} room */
  constructor(room) {
    super(room.data.model === "vae" ? planeOfVae : plane, room);
    /** @type {Record<Layer, boolean>} */
    const first = { surface: true, warp: false, real: true, fake: true, arrows: false, reconstructed: true };
    this.shownLayers = remembered("layers", first);
    this.surface = new Surface();
    this.reach = new SteadyRange();
    this.#buildToggles();
    this.#buildReadout();
  }

  get parts() {
    return PARTS.filter((layer) => this.shownLayers[layer]).map((layer) => `plane.${layer}`);
  }

  reset() {
    super.reset();
    this.reach.reset();
  }

  draw() {
    const { frame } = this;
    const view = frame?.views.plane;
    const drawing = view && this.clear();
    if (!drawing) return;
    const { context, width, height } = drawing;
    const { theme } = this.room;
    const area = this.#area(width, height);
    /** @param {number} value */
    const x = (value) => area.left + ((value + view.extent) / (2 * view.extent)) * area.width;
    /** @param {number} value */
    const y = (value) => area.top + ((view.extent - value) / (2 * view.extent)) * area.height;
    this.area = area;
    const half = reachOf(frame, this.reach);
    const on = this.shownLayers;

    context.save();
    context.beginPath();
    context.rect(area.left, area.top, area.width, area.height);
    context.clip();
    const { surface, level = 0, real, fake, arrows_from: from, arrows: along } = view;
    if (on.surface && surface) this.surface.draw(context, area, { surface, level }, half, theme);
    if (on.warp && view.warp) warp(context, view.warp, x, y, theme);
    if (on.real && real) dots(context, real, x, y, theme.real, theme.background);
    if (on.reconstructed && real && view.reconstructed)
      spokes(context, real, view.reconstructed, x, y, theme.discriminator);
    if (on.fake && fake && view.groups) groupedDots(context, fake, view.groups, x, y, theme.background, theme);
    else if (on.fake && fake) dots(context, fake, x, y, theme.generated, theme.background);
    const { modes } = frame.views; // only known while the modes' own chart is shown
    if (on.real && view.centres && modes) rings(context, view.centres, modes, x, y, theme);
    if (view.centres && view.labels?.length) names(context, view.centres, view.labels, x, y, theme);
    const pull = from && along && { arrows_from: from, arrows: along };
    const longest = on.arrows && pull ? arrows(context, pull, x, y, theme) : null;
    context.restore();

    drawAxes(context, area, x, y, ticksIn(view.units, view.extent), theme);
    this.#offerLayers(view);
    this.#writeReadout(view, half, longest);
    this.describe(
      `Iteration ${count(frame.iteration)}: ${real?.shape[0] ?? 0} real and ${fake?.shape[0] ?? 0} ` +
        `generated points${surface ? " over D's scores" : ""}.`,
    );
  }

  /**
   * The largest square that leaves room for the axes' labels.
   *
   * @param {number} width
   * @param {number} height
   */
  #area(width, height) {
    const side = Math.max(40, Math.min(width - 46, height - 32));
    return { left: 36 + (width - 46 - side) / 2, top: 6, width: side, height: side };
  }

  #buildToggles() {
    for (const { key, label, colour, hint } of LAYERS) {
      const button = element(
        "button",
        {
          type: "button",
          class: "key",
          title: `Show or hide ${hint}`,
          "data-layer": key,
          onclick: () => this.#toggle(key),
        },
        element("i", { style: `background:var(--${colour})` }),
        label,
      );
      this.toggles.set(key, button);
    }
    this.legend.append(...this.toggles.values());
    this.#press();
  }

  /** @param {Plane} view */
  #offerLayers(view) {
    for (const [key, button] of this.toggles) button.hidden = !view[key] && !view.parts?.includes(key);
  }

  /** @param {Layer} key */
  #toggle(key) {
    this.shownLayers[key] = !this.shownLayers[key];
    remember("layers", this.shownLayers);
    this.#press();
    this.room.wants();
    this.room.painter.mark(this);
  }

  #press() {
    for (const [key, button] of this.toggles) button.setAttribute("aria-pressed", String(this.shownLayers[key]));
  }

  #buildReadout() {
    const bar = element("i", { class: "scale-bar" });
    this.foot.append(
      this.where,
      this.force,
      element("span", { class: "scale", title: "D's score" }, "D(x)", this.scale.low, bar, this.scale.high),
    );
    this.canvas.onpointermove = (event) => {
      this.pointer = placeIn(this.canvas, event);
      if (this.frame?.views.plane) this.#writeWhere(this.frame.views.plane);
    };
    this.canvas.onpointerleave = () => {
      this.pointer = undefined;
      write(this.where, "");
    };
  }

  /**
   * @param {Plane} view
   * @param {number} half
   * @param {number | null} longest
   */
  #writeReadout(view, half, longest) {
    const { level = NaN } = view;
    write(this.scale.low, digits(level - half));
    write(this.scale.high, digits(level + half));
    write(this.force, longest === null ? "" : `longest arrow: gradient of ${digits(longest)}`);
    attribute(this.foot, "data-surface", String(Boolean(this.shownLayers.surface && view.surface)));
    this.#writeWhere(view);
  }

  /** @param {Plane} view */
  #writeWhere(view) {
    if (!this.pointer || !this.area || !view.surface) return;
    const across = (this.pointer[0] - this.area.left) / this.area.width;
    const up = 1 - (this.pointer[1] - this.area.top) / this.area.height;
    if (across < 0 || across > 1 || up < 0 || up > 1) return write(this.where, "");
    /** @type {(share: number, axis: number) => string} */
    const place = (share, axis) => digits(restored(view.units, (2 * share - 1) * view.extent, axis));
    const [x, y] = view.units?.names.length ? view.units.names : ["x", "y"];
    write(
      this.where,
      `${x} ${place(across, 0)}, ${y} ${place(up, 1)}: D = ${digits(this.surface.at(view.surface, across, up))}`,
    );
  }
}
