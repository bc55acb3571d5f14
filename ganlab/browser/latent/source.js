// Where latents are picked: a map to drag, fresh samples, or the nearest match to a real sample.

import { button, choice } from "../base/controls.js";
import { element, write } from "../base/dom.js";
import { Legend } from "./legend.js";
import { figure } from "../base/numbers.js";
import { asMosaic, paintMosaic } from "../drawing/picture.js";
import { rowsOf } from "../base/vectors.js";

const [COLUMNS, ROWS] = [6, 8];
const STEP = 0.34; // of the map's unit, from one picture to the next: neighbours resemble each other
const APART = 1000; // between places of fresh samples: none is shown twice
const ROUNDS = 12; // of descent towards a real sample
const CLICK = 4; // pixels that a press may move and still be a click

export class Source {
  constructor(room) {
    this.room = room;
    this.corner = [0, 0];
    this.latest = room.latest();
    this.canvas = element("canvas", { class: "map", tabindex: "0", role: "img" });
    this.told = element("div", { class: "foot hint", role: "status" }, "");
    this.kind = choice(
      "Pick from",
      [
        { key: "map", label: "Map", title: "An endless map of latents: drag it, click a picture to pick its latent" },
        { key: "samples", label: "Samples", title: "Fresh draws: click one to pick it" },
        {
          key: "real",
          label: "Real",
          title: "Click a real sample: the nearest that the generator can make is searched",
        },
      ],
      "map",
      () => this.open(),
    );
    this.more = button("More", () => this.#fresh(), "Other samples");
    const head = element("header", {}, element("h3", {}, "Pick from"), this.kind.node, this.more);
    this.legend = new Legend();
    this.node = element(
      "section",
      { class: "card source", "aria-label": "Pick a latent" },
      head,
      this.canvas,
      this.told,
      this.legend.node,
    );
    this.#listen();
    this.observer = new ResizeObserver(() => this.#paint());
    this.observer.observe(this.canvas);
  }

  open() {
    const kind = this.kind.value;
    this.more.hidden = kind !== "samples";
    write(
      this.told,
      {
        map: "Drag to move, click to pick.",
        samples: "Click one to pick it.",
        real: "Click a real one to search for its latent.",
      }[kind],
    );
    this.canvas.setAttribute("aria-label", this.told.textContent);
    if (kind === "map") this.#look();
    else if (kind === "samples") this.#fresh();
    else this.#real();
  }

  // The same places, as the generator shows them now.
  refresh() {
    if (this.kind.value === "map") this.#look();
    else if (this.kind.value === "samples") this.#draw();
  }

  close() {
    this.latest.close();
    this.observer.disconnect();
    this.searching = undefined;
  }

  #look() {
    const [x, y] = this.corner;
    const question = { ask: "on_map", x, y, step: STEP, columns: COLUMNS, rows: ROWS };
    this.latest.want(question, (answer) => this.#show(answer, ROWS));
  }

  #fresh() {
    this.drawn = (this.drawn ?? 0) + 1;
    this.#draw();
  }

  #draw() {
    const question = { ask: "on_map", x: this.drawn * APART, y: 0, columns: COLUMNS, rows: ROWS };
    this.latest.want(question, (answer) => this.#show(answer, ROWS));
  }

  async #real() {
    const { real } = this.room;
    const count = Math.min(COLUMNS * ROWS, real.points?.shape[0] ?? real.columns);
    const some = real.points
      ? {
          points: Object.assign(real.points.subarray(0, count * real.points.shape[1]), {
            shape: [count, real.points.shape[1]],
          }),
        }
      : { ...real, columns: COLUMNS, rows: count / COLUMNS };
    await this.#show({ ...some, latents: null }, count / COLUMNS);
  }

  async #show(answer, rows) {
    this.mosaic = await asMosaic({ ...answer, grid_rows: rows }, this.room.real.extent);
    this.latents = answer.latents ? rowsOf(answer.latents) : null;
    this.#paint();
  }

  #paint() {
    if (!this.mosaic) return;
    this.area = paintMosaic(this.canvas, this.mosaic);
    this.legend.paint(this.room);
  }

  #listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.press = { x: event.clientX, y: event.clientY, corner: [...this.corner], far: false };
    };
    canvas.onpointermove = (event) => this.#drag(event);
    canvas.onpointerup = (event) => {
      if (this.press && !this.press.far) this.#pick(event);
      this.press = undefined;
    };
    canvas.onkeydown = ({ key }) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
      if (!move || this.kind.value !== "map") return;
      this.corner = [this.corner[0] + move[0] * STEP, this.corner[1] + move[1] * STEP];
      this.#look();
    };
  }

  #drag({ clientX, clientY }) {
    if (!this.press || !this.area) return;
    const [across, down] = [clientX - this.press.x, clientY - this.press.y];
    this.press.far ||= Math.hypot(across, down) > CLICK;
    if (!this.press.far || this.kind.value !== "map") return;
    const tile = this.area.width / COLUMNS;
    const [x, y] = this.press.corner;
    this.corner = [x - (across / tile) * STEP, y + (down / tile) * STEP];
    this.#look();
  }

  #pick({ offsetX, offsetY }) {
    if (!this.area) return;
    const column = Math.floor(((offsetX - this.area.left) / this.area.width) * this.mosaic.columns);
    const row = Math.floor(((offsetY - this.area.top) / this.area.height) * this.mosaic.rows);
    if (column < 0 || row < 0 || column >= this.mosaic.columns || row >= this.mosaic.rows) return;
    const index = row * this.mosaic.columns + column;
    if (this.latents) this.room.shelf.add(this.latents[index]);
    else this.#match(index);
  }

  // The best of some hundred latents, then down the gradient in rounds, between which training goes on.
  async #match(real) {
    const search = (this.searching = {});
    const current = () => this.searching === search;
    try {
      let found = await this.room.ask({ ask: "match", real });
      for (let round = 1; round <= ROUNDS && current(); round++) {
        found = await this.room.ask({ ask: "match", real, latent: rowsOf(found.latents)[0] });
        write(
          this.told,
          `Searching, ${Math.round((100 * round) / ROUNDS)} %: mean squared difference ${figure(found.error)}`,
        );
      }
      if (!current()) return;
      this.room.shelf.add(rowsOf(found.latents)[0]);
      write(this.told, `Nearest match found: mean squared difference ${figure(found.error)}.`);
    } catch (error) {
      this.room.say(error.message);
    }
  }
}
