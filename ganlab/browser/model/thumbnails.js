// @ts-check
// What each node of the diagram shows of the run as it is now, each on a small canvas.

import { sheet } from "../base/canvas_view.js";
import { SteadyRange } from "../base/numbers.js";
import { warp } from "../drawing/layers.js";
import { decodeMosaic, stripOf } from "../drawing/mosaic.js";
import { reachOf, Surface } from "../drawing/surface.js";
import { featureMaps } from "./maps.js";
import { bar, cloud, curve, density, heaps, latents, path, some, square, towers } from "./small_drawings.js";

/** @import { Drawing, Frame, Mosaic, Numbers, PackedMosaic, Theme } from "../base/types.js" */
/** @typedef {{ latents: Numbers, recent: Record<string, Numbers>, rates: Record<string, number>,
 *   moved: Partial<Record<"d" | "g", number>> }} ModelState */
/** @import { NodeFacts } from "./diagram.js" */
/** @typedef {CanvasRenderingContext2D} Context */

// Thumbnails of one diagram. What lies on the plane keeps its scale, so that nothing jumps.
export class Thumbnails {
  surface = new Surface();
  reach = new SteadyRange();
  curves = { d: new SteadyRange(), g: new SteadyRange() };
  /** @type {{ packed: unknown, mosaic: Mosaic } | undefined} */
  pictures;
  /** @type {{ packed: unknown, mosaic: Mosaic } | undefined} */
  real;

  reset() {
    this.reach.reset();
    this.curves.d.reset();
    this.curves.g.reset();
    this.pictures = this.real = undefined;
  }

  /**
   * Draw what a node shows; nothing where it has nothing to show yet.
   *
   * @param {NodeFacts} node
   * @param {HTMLCanvasElement} canvas
   * @param {Frame} frame
   * @param {Theme} theme
   */
  draw({ name, layers }, canvas, frame, theme) {
    const drawing = sheet(canvas);
    if (!drawing) return;
    const { model, plane, line, phase, samples, histograms, feature_maps: maps } = /** @type {any} */ (frame.views);
    if (!model) return;
    switch (name) {
      case "noise":
        return latents(drawing, model.latents, theme);
      case "g":
        if (plane?.warp) this.#grid(drawing, plane, theme);
        else if (phase) path(drawing, phase, theme);
        else towers(drawing, layers, theme.generator, theme);
        return;
      case "fake":
      case "real":
        if (plane) {
          const points = name === "fake" ? (plane.reconstructed ?? plane.fake) : plane.real;
          cloud(drawing, points, plane.extent, name === "fake" ? theme.generated : theme.real);
        }
        if (line) density(drawing, line, name === "fake" ? "samples" : "data", theme);
        if (samples) this.#mosaic(drawing, name, samples);
        return;
      case "d":
        if (plane?.surface) this.#judge(drawing, frame, theme);
        if (line?.score) density(drawing, line, "score", theme);
        if (phase) path(drawing, phase, theme);
        if (maps?.maps) featureMaps(drawing, maps, theme);
        else if (!plane?.surface && !line?.score && !phase) towers(drawing, layers, theme.discriminator, theme);
        return;
      case "scores":
        if (histograms) heaps(drawing, histograms, theme);
        return;
      case "loss_d":
      case "loss_g": {
        const role = name === "loss_d" ? "d" : "g";
        const scalar = model.recent[lossOf(frame, role)];
        return curve(drawing, scalar, this.curves[role], role === "d" ? theme.discriminator : theme.generator);
      }
      case "step_d":
      case "step_g": {
        const role = name === "step_d" ? "d" : "g";
        return bar(drawing, normOf(frame, role), model.moved[role], role, theme);
      }
    }
  }

  /**
   * @param {Drawing} drawing
   * @param {any} plane
   * @param {Theme} theme
   */
  #grid({ context, width, height }, plane, theme) {
    const { x, y } = square(width, height, plane.extent);
    warp(context, plane.warp, x, y, theme);
  }

  /**
   * @param {Drawing} drawing
   * @param {Frame} frame
   * @param {Theme} theme
   */
  #judge({ context, width, height }, frame, theme) {
    const { plane } = frame.views;
    if (!plane?.surface) return;
    const { area } = square(width, height, plane.extent);
    const { surface, level = 0 } = plane;
    this.surface.draw(context, area, { surface, level }, reachOf(frame, this.reach), theme);
  }

  /**
   * @param {Drawing} drawing
   * @param {"fake" | "real"} name
   * @param {PackedMosaic} view
   */
  async #mosaic(drawing, name, view) {
    const packed = name === "fake" ? (stripOf(view, "reconstructed") ?? view) : stripOf(view, "real");
    if (!packed) return;
    const kept = name === "fake" ? this.pictures : this.real;
    const mosaic = kept?.packed === view ? kept.mosaic : await decodeMosaic(packed);
    if (name === "fake") this.pictures = { packed: view, mosaic };
    else this.real = { packed: view, mosaic };
    some(drawing, mosaic);
  }
}

/**
 * @param {Frame} frame
 * @param {"d" | "g"} role
 */
export function normOf(frame, role) {
  const recent = frame.views.model?.recent ?? {};
  const of = frame.players.d === "D" ? `grad_norm_${role}` : `grad_norm_${role === "d" ? "encoder" : "decoder"}`;
  return lastFinite(
    recent[of] ?? recent[`grad_norm_${role}`] ?? recent[`grad_norm_${role === "d" ? "encoder" : "decoder"}`],
  );
}

/**
 * @param {Frame} frame
 * @param {"d" | "g"} role
 */
export function lossOf(frame, role) {
  const vae = "kl" in (frame.views.model?.recent ?? {});
  return vae ? (role === "d" ? "kl" : "reconstruction") : `loss_${role}`;
}

/** @param {ArrayLike<number> | undefined} values */
export function lastFinite(values) {
  for (let i = (values?.length ?? 0) - 1; i >= 0; i--) if (Number.isFinite(values?.[i])) return values?.[i];
  return undefined;
}
