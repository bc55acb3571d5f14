// @ts-check
// A plane through latent space as a canvas to point at: shared by the slices and the sensitivity.

import { choice, slider } from "../base/controls.js";
import { element } from "../base/dom.js";
import { rowsOf } from "../base/vectors.js";
import { placeIn } from "../base/stage.js";

/** @import { Area, Kind, Theme } from "../base/types.js" */
/** @import { LatentRoom } from "./latent.js" */
/** @import { Question } from "./questions.js" */

/** @typedef {[number, number]} Cursor a place on a plane: shares of its reach, from -1 to 1, across and up */
/** @typedef {{ origin: number[], directions: number[][] }} Plane */

/**
 * Which plane is looked at.
 *
 * @typedef {object} PlaneChoice
 * @property {string} through
 * @property {number} seed of random directions
 * @property {number} reach
 * @property {Plane} [found] the plane itself, once it is known
 */

const TILES = [
  [16, 15],
  [32, 11],
  [64, 9],
  [128, 7],
]; // images of at most so many pixels, tiles a side
const DOTS = 31; // tiles a side where each is a colour

/**
 * How many tiles a side a map of samples has.
 *
 * @param {{ kind: Kind, side: number }} data
 */
export function tiles({ kind, side }) {
  const [, fewest] = TILES[TILES.length - 1];
  return kind === "images" ? (TILES.find(([most]) => side <= most)?.[1] ?? fewest) : DOTS;
}

// Which plane is looked at, and how far: kept in the room, so that both panels look at the same one.
export class PlaneChooser {
  /**
   * @param {LatentRoom} room
   * @param {() => void} changed called at another plane, or another reach
   */
  constructor(room, changed) {
    this.room = room;
    this.changed = changed;
    /** @type {PlaneChoice} */
    const kept = (room.plane ??= { through: room.data.latent_dim <= 2 ? "axes" : "random", seed: 0, reach: 2 });
    this.kept = kept;
    this.through = choice(
      "Plane",
      [
        ...(room.data.latent_dim <= 2
          ? [{ key: "axes", label: "Own axes", title: "Along the latent's own " + "axes" }]
          : []),
        {
          key: "components",
          label: "Principal",
          title: "Through the selected latent, along the first two principal components of G's features",
        },
        {
          key: "random",
          label: "Random",
          title: "Through the selected latent, along two random directions; press again for other directions",
        },
        { key: "points", label: "A, B, C", title: "Through the first three picked latents" },
      ],
      kept.through,
      (through) => this.#choose(through),
    );
    this.reach = slider("Reach", { min: 0.5, max: 5, step: 0.25, value: kept.reach }, (reach) => {
      kept.reach = reach;
      this.changed();
    });
    this.nodes = room.data.latent_dim === 1 ? [this.reach.node] : [this.through.node, this.reach.node];
  }

  /**
   * The plane, asked for when it is not known yet, and its reach.
   *
   * @param {(question: Question) => Promise<any>} ask
   * @returns {Promise<Plane & { reach: number }>}
   */
  async find(ask) {
    const { kept } = this;
    if (!kept.found) {
      const points = kept.through === "points" ? this.room.shelf.latents.slice(0, 3) : [];
      // With many dimensions no draw lies near the middle: the plane goes through the selected latent.
      const origin = kept.through === "axes" ? null : this.room.shelf.latent;
      const found = await ask({ ask: "plane", through: kept.through, seed: kept.seed, origin, points });
      kept.found = { origin: Array.from(found.origin), directions: rowsOf(found.directions) };
    }
    return { ...kept.found, reach: kept.reach };
  }

  forget() {
    this.kept.found = undefined;
  }

  /** @param {string} through */
  #choose(through) {
    const { kept } = this;
    if (through === "random" && kept.through === "random") kept.seed += 1;
    kept.through = through;
    this.forget();
    this.changed();
  }
}

/**
 * Where a pointer is on a square picture; null outside.
 *
 * @param {MouseEvent} event
 * @param {Area | null | undefined} area
 * @param {boolean} flat whether the picture is a line: then only "across" counts
 * @returns {Cursor | null}
 */
export function pointed(event, area, flat) {
  if (!area || !(event.target instanceof Element)) return null;
  const [x, y] = placeIn(event.target, event);
  const across = (2 * (x - area.left)) / area.width - 1;
  const up = flat ? 0 : 1 - (2 * (y - area.top)) / area.height;
  return Math.abs(across) <= 1 && Math.abs(up) <= 1 ? [across, up] : null;
}

/**
 * A ring that marks the cursor.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Area} area
 * @param {Cursor} cursor
 * @param {Theme} theme
 */
export function ring(context, area, [across, up], theme) {
  const x = area.left + ((across + 1) / 2) * area.width;
  const y = area.top + ((1 - up) / 2) * area.height;
  for (const { width, colour } of [
    { width: 4, colour: theme.background },
    { width: 2, colour: theme.text },
  ]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.stroke();
  }
}

/**
 * @param {string} name
 * @param {string} label
 */
export const canvas = (name, label) => element("canvas", { class: name, role: "img", "aria-label": label });

/** @type {Cursor} */
export const middle = [0, 0];
