// @ts-check
// A conditional generator as a table: classes or codes down, noise across.

import { categoryNames } from "./code_chooser.js";
import { button, choice } from "../base/controls.js";
import { element, write } from "../base/dom.js";
import { canvas } from "./latent_plane.js";
import { asMosaic, paintMosaic } from "../drawing/picture.js";
import { sentenceOf } from "./questions.js";
import { rowsOf } from "../base/vectors.js";
import { placeIn } from "../base/stage.js";

/** @import { Area, Mosaic } from "../base/types.js" */
/** @import { LatentRoom } from "./latent.js" */

const COLUMNS = 12;
const PLACE = -500; // on the map, where fresh columns come from

export class ByCodePanel {
  drawn = 0; // times that other noise was asked for
  /** @type {number[][]} a column each */
  latents = [];
  /** @type {Mosaic | undefined} */
  mosaic;
  shown = "y"; // the code whose rows the table has
  /** @type {Area | null} where the table lies on its canvas */
  area = null;

  /** @param {LatentRoom} room */
  constructor(room) {
    this.room = room;
    this.latest = room.latest();
    const { classes, categories, dials } = room.data;
    /** @type {Record<string, string[]>} */
    this.names = {
      y: classes,
      category: categoryNames(room.data),
      dial: ["−2", "−1.5", "−1", "−0.5", "0", "0.5", "1", "1.5", "2"],
    };
    const codes = [
      ...(classes.length ? [{ key: "y", label: "Class" }] : []),
      ...(categories ? [{ key: "category", label: "Category" }] : []),
      ...Array.from({ length: dials }, (_, i) => ({ key: `dial ${i}`, label: `Dial ${i + 1}` })),
    ];
    this.code = choice("Rows", codes, codes[0].key, () => this.refresh());
    this.map = canvas("map table", "Codes down, noise across");
    this.map.onclick = (event) => this.#pick(event);
    this.labels = element("div", { class: "rows" });
    this.told = element("span", { class: "told" }, "");
    this.nodes = [
      element(
        "div",
        { class: "controls" },
        this.code.node,
        button("Other noise", () => this.#fresh()),
      ),
      element("div", { class: "labelled" }, this.labels, this.map),
      element("div", { class: "foot hint" }, this.told),
    ];
  }

  picked() {
    this.refresh();
  }

  // The picked latents first; as many fresh ones as there is room for.
  async refresh() {
    try {
      const fresh = await this.room.ask({ ask: "on_map", x: 0, y: PLACE - this.drawn, columns: COLUMNS, rows: 1 });
      this.latents = [...this.room.shelf.latents, ...rowsOf(fresh.latents)].slice(0, COLUMNS);
    } catch (error) {
      return this.room.say(sentenceOf(error));
    }
    const [code, dial = 0] = this.code.value.split(" ");
    this.latest.want({ ask: "by_code", code, dial: Number(dial), latents: this.latents }, async (answer) => {
      this.mosaic = await asMosaic(answer, this.room.extent);
      this.shown = code;
      this.paint();
    });
    write(this.told, "All pictures in a column have the same noise. Click a picture to pick its latent and its code.");
  }

  close() {
    this.latest.close();
  }

  paint() {
    if (!this.mosaic) return;
    this.area = paintMosaic(this.map, this.mosaic);
    if (!this.area) return;
    this.labels.style.paddingTop = `${this.area.top}px`;
    this.labels.style.transform = `translateX(${this.area.left}px)`; // beside the table, which stands in the middle
    this.labels.style.height = `${this.area.height}px`;
    this.labels.replaceChildren(...this.names[this.shown].map((name) => element("span", {}, name)));
    this.room.drew();
  }

  #fresh() {
    this.drawn += 1;
    this.refresh();
  }

  /** @param {MouseEvent} event */
  #pick(event) {
    if (!this.area || !this.mosaic) return;
    const [x, y] = placeIn(this.map, event);
    const column = Math.floor(((x - this.area.left) / this.area.width) * this.mosaic.columns);
    const row = Math.floor(((y - this.area.top) / this.area.height) * this.mosaic.rows);
    if (!this.latents[column] || row < 0 || row >= this.mosaic.rows) return;
    if (this.shown === "y" || this.shown === "category") this.room.codes?.set(this.shown, row);
    const { shelf } = this.room;
    const known = shelf.latents.indexOf(this.latents[column]);
    if (known >= 0) shelf.select(known);
    else shelf.add(this.latents[column]);
  }
}
