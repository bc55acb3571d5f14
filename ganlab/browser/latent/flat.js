// A plane through latent space as a canvas to point at: shared by the slices and the sensitivity.

import { choice, slider } from "../base/controls.js";
import { element } from "../base/dom.js";
import { rowsOf, zeros } from "../base/vectors.js";

const TILES = [
  [16, 15],
  [32, 11],
  [64, 9],
  [128, 7],
]; // images of at most so many pixels, tiles a side
const DOTS = 31; // tiles a side where each is a colour

export function tiles({ kind, side }) {
  return kind === "images" ? TILES.find(([most]) => side <= most)[1] : DOTS;
}

// Which plane is looked at, and how far: kept in the room, so that both panels look at the same one.
export class Flat {
  // changed(): another plane, or another reach
  constructor(room, changed) {
    this.room = room;
    this.changed = changed;
    const kept = (room.plane ??= { through: room.data.latent_dim <= 2 ? "axes" : "random", seed: 0, reach: 2 });
    this.through = choice(
      "Plane",
      [
        ...(room.data.latent_dim <= 2 ? [{ key: "axes", label: "All of it", title: "The latent's own axes" }] : []),
        {
          key: "components",
          label: "Principal",
          title: "Through the selected latent, along the first two principal components of G's features",
        },
        {
          key: "random",
          label: "Random",
          title: "Through the selected latent, along two random directions; press again for others",
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

  // The plane { origin, directions }, asked for when it is not known yet.
  async find(ask) {
    const kept = this.room.plane;
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
    this.room.plane.found = undefined;
  }

  #choose(through) {
    const kept = this.room.plane;
    if (through === "random" && kept.through === "random") kept.seed += 1;
    kept.through = through;
    this.forget();
    this.changed();
  }
}

// Where a pointer is on a square picture: shares from -1 to 1, across and up; null outside.
export function pointed({ offsetX, offsetY }, area, flat) {
  if (!area) return null;
  const across = (2 * (offsetX - area.left)) / area.width - 1;
  const up = flat ? 0 : 1 - (2 * (offsetY - area.top)) / area.height;
  return Math.abs(across) <= 1 && Math.abs(up) <= 1 ? [across, up] : null;
}

// A ring that marks the cursor at (across, up).
export function ring(context, area, [across, up], theme) {
  const x = area.left + ((across + 1) / 2) * area.width;
  const y = area.top + ((1 - up) / 2) * area.height;
  for (const [width, colour] of [
    [4, theme.background],
    [2, theme.text],
  ]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.stroke();
  }
}

export const canvas = (name, label) => element("canvas", { class: name, role: "img", "aria-label": label });
export const middle = zeros(2);
