// @ts-check
// Where the generator stretches and folds latent space: its Jacobian's singular values, at a latent and over a plane.

import { writeUnder } from "./captions.js";
import { button, choice } from "../base/controls.js";
import { sheet } from "../base/canvas_view.js";
import { element, write } from "../base/dom.js";
import { canvas, PlaneChooser, middle, pointed, ring } from "./latent_plane.js";
import { figure, span } from "../base/numbers.js";
import { COARSE } from "../drawing/mosaic.js";
import { asMosaic, paintPlace, paintTile } from "../drawing/picture.js";
import { sentenceOf } from "./questions.js";
import { mix, rgb } from "../base/theme.js";
import { onPlane, plus, rowsOf } from "../base/vectors.js";

/** @import { Area, Mosaic, Numbers } from "../base/types.js" */
/** @import { Samples } from "../drawing/picture.js" */
/** @import { LatentRoom } from "./latent.js" */
/** @import { Plane } from "./latent_plane.js" */

/** @typedef {"largest" | "log_volume"} Measure */
/** @typedef {{ rows: number } & Record<Measure, Float32Array>} HeatMap NaN where it is not known yet */
/** @typedef {{ values: Numbers, vectors: Numbers, log_volume: number }} Jacobian */

const SIDE = 17; // cells a side of the heat map
const LINE = 15; // pixels from a line of text to the next
const STRIP = 7; // samples along the most sensitive direction
const REACH = 1.5;
/** @type {Measure[]} */
const MEASURES = ["largest", "log_volume"];

export class SensitivityPanel {
  /** @type {(Plane & { reach: number }) | undefined} */
  plane;
  /** @type {HeatMap | undefined} */
  heat;
  about = ""; // the plane and codes that the heat map is of
  /** @type {{ about: string } | undefined} a filling of the heat map that is under way */
  turn;
  /** @type {Jacobian | undefined} */
  jacobian;
  /** @type {Samples | undefined} the one at the cursor, then those along the most sensitive direction */
  samples;
  /** @type {Mosaic | undefined} */
  row;
  /** @type {Area | null} where the map lies on its canvas */
  area = null;
  closed = false;

  /** @param {LatentRoom} room */
  constructor(room) {
    this.room = room;
    this.exact = room.latest();
    this.along = room.latest();
    this.cursor = middle;
    this.planes = new PlaneChooser(room, () => this.refresh());
    this.measure = choice(
      "Measure",
      [
        {
          key: "largest",
          label: "Largest stretch",
          title: "The largest singular value of dG/dz: how fast the sample can change",
        },
        {
          key: "log_volume",
          label: "Log-volume",
          title:
            "The sum of the logarithms of the singular values: low where G maps many latents to nearly the " +
            "same sample",
        },
      ],
      "largest",
      () => this.paint(),
    );
    this.map = canvas("map", "Sensitivity over a plane of latent space");
    this.map.onpointerdown = this.map.onpointermove = (event) => this.#move(event);
    this.picture = canvas("picture", "The sample at the cursor");
    this.chart = canvas("chart", "Singular values");
    this.strip = canvas("strip", "Samples along the most sensitive direction");
    this.told = element("span", { class: "told" }, "");
    this.nodes = [
      element("div", { class: "controls" }, ...this.planes.nodes, this.measure.node),
      element("div", { class: "pair" }, this.map, element("div", { class: "column" }, this.picture, this.chart)),
      this.strip,
      element(
        "div",
        { class: "foot hint" },
        this.told,
        button("Pick this one", () => this.#pick()),
      ),
    ];
  }

  picked() {
    if (this.room.plane?.through !== "axes") this.planes.forget();
    this.refresh();
  }

  // The heat map comes row by row, from the middle outwards, so that training goes on between. One that is under way
  // for the same plane and codes is finished first: else a generator that trains would never show all of it.
  async refresh() {
    try {
      const plane = await this.planes.find((question) => this.room.ask(question));
      if (this.closed) return;
      const about = JSON.stringify([plane, this.room.codes?.codes]);
      this.plane = plane;
      this.room.say("");
      this.#ask();
      if (this.turn?.about === about) return;
      if (this.about !== about) this.heat = undefined;
      this.about = about;
      const turn = (this.turn = { about });
      await this.#fill(turn, plane);
      if (this.turn === turn) this.turn = undefined;
    } catch (error) {
      this.turn = undefined;
      if (!this.closed) this.room.say(sentenceOf(error));
    }
  }

  close() {
    this.closed = true;
    this.turn = undefined;
    this.exact.close();
    this.along.close();
  }

  paint() {
    this.#paintMap();
    this.#paintExact();
    this.#paintStrip();
  }

  // The one at the cursor, once the plane is known.
  get latent() {
    const [across, up] = this.cursor;
    return this.plane && onPlane(this.plane, across * this.plane.reach, up * this.plane.reach);
  }

  #pick() {
    if (this.latent) this.room.shelf.add(this.latent);
  }

  /**
   * @param {{ about: string }} turn
   * @param {Plane & { reach: number }} plane
   */
  async #fill(turn, plane) {
    const flat = this.room.data.latent_dim === 1;
    const rows = flat
      ? [0]
      : Array.from({ length: SIDE }, (_, i) => i).sort((a, b) => Math.abs(a - SIDE / 2) - Math.abs(b - SIDE / 2));
    const unknown = () => new Float32Array(rows.length * SIDE).fill(NaN);
    const heat = this.heat ?? { rows: rows.length, largest: unknown(), log_volume: unknown() };
    for (const row of rows) {
      const up = flat ? 0 : 1 - (2 * row) / (SIDE - 1);
      const latents = Array.from({ length: SIDE }, (_, i) =>
        onPlane(plane, ((2 * i) / (SIDE - 1) - 1) * plane.reach, up * plane.reach),
      );
      const answer = await this.room.ask({ ask: "folding", latents });
      if (this.turn !== turn) return;
      for (const name of MEASURES) heat[name].set(answer[name], row * SIDE);
      this.heat = heat;
      this.#paintMap();
    }
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const place = pointed(event, this.area, this.heat?.rows === 1);
    if (!place || !this.plane || (event.type === "pointermove" && !event.buttons)) return;
    this.cursor = place;
    this.#paintMap();
    this.#ask();
  }

  #ask() {
    const { latent } = this;
    if (!latent) return;
    this.exact.want({ ask: "jacobian", latent }, (/** @type {Jacobian} */ answer) => {
      this.jacobian = answer;
      const first = rowsOf(answer.vectors)[0];
      const latents = [
        latent,
        ...Array.from({ length: STRIP }, (_, i) => plus(latent, first, REACH * ((2 * i) / (STRIP - 1) - 1))),
      ];
      this.along.want({ ask: "samples", latents }, async (samples) => {
        this.samples = samples;
        this.row = await asMosaic(samples, this.room.extent);
        this.#paintExact();
        this.#paintStrip();
      });
    });
  }

  #paintMap() {
    const { heat } = this;
    const drawing = heat && sheet(this.map);
    if (!drawing) return;
    const { context, width, height } = drawing;
    const { theme } = this.room;
    const side = Math.floor(Math.min(width, height) / SIDE) * SIDE;
    const cell = side / SIDE;
    this.area = { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side };
    const values = heat[this.measure.value === "largest" ? "largest" : "log_volume"];
    const [low, high] = span(values);
    const [from, to] = [rgb(theme.background), rgb(theme.generator)];
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) continue;
      context.fillStyle = `rgb(${mix(from, to, (values[i] - low) / (high - low || 1)).join()})`;
      const top = heat.rows === 1 ? this.area.top : this.area.top + Math.floor(i / SIDE) * cell;
      context.fillRect(this.area.left + (i % SIDE) * cell, top, cell, heat.rows === 1 ? side : cell);
    }
    ring(context, this.area, this.cursor, theme);
    const measure = this.measure.value === "largest" ? "Largest stretch" : "Log-volume";
    const range = `from ${figure(low)} (no colour) to ${figure(high)} (full colour)`;
    write(this.told, `${measure}: ${range}. Drag the cursor over the map.`);
  }

  #paintExact() {
    if (!this.row) return;
    if (this.samples?.points) paintPlace(this.picture, { points: this.samples.points, path: true, at: 0 }, this.room);
    else paintTile(this.picture, this.row, 0);
    this.#paintChart();
    this.room.drew();
  }

  // One bar for each singular value, the largest first.
  #paintChart() {
    const drawing = sheet(this.chart);
    if (!drawing || !this.jacobian) return;
    const { context, width, height } = drawing;
    const { theme } = this.room;
    const { values, log_volume: volume } = this.jacobian;
    context.fillStyle = theme.muted;
    context.font = `12px ${theme.font}`;
    const said = [`Singular values, the largest ${figure(values[0])};`, `log-volume ${figure(volume)}`];
    const lines = context.measureText(said.join(" ")).width <= width ? [said.join(" ")] : said;
    lines.forEach((line, i) => context.fillText(line, 0, 11 + i * LINE, width));
    context.fillStyle = theme.generator;
    const across = width / values.length;
    values.forEach((value, i) => {
      const high = (value / (values[0] || 1)) * (height - 5 - lines.length * LINE);
      context.fillRect(i * across, height - high, Math.max(1, across - 1), high);
    });
  }

  #paintStrip() {
    const { row } = this;
    const drawing = row && sheet(this.strip);
    if (!drawing) return;
    const { context, width, height } = drawing;
    const across = width / STRIP;
    const side = Math.min(height - 16, across - 6);
    context.imageSmoothingEnabled = row.height >= COARSE;
    context.fillStyle = this.room.theme.muted;
    context.font = `12px ${this.room.theme.font}`;
    context.textAlign = "center";
    for (let i = 0; i < STRIP; i++) {
      const left = i * across + (across - side) / 2;
      context.drawImage(row.image, (i + 1) * row.width, 0, row.width, row.height, left, 0, side, side);
    }
    const captions = Array.from({ length: STRIP }, (_, i) => figure(REACH * ((2 * i) / (STRIP - 1) - 1)));
    captions[(STRIP - 1) / 2] = "most sensitive direction";
    writeUnder(context, captions, across, height - 3);
  }
}
