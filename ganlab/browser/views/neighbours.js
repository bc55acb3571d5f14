// @ts-check
// Samples above the training images nearest to them: does G make new images, or hand back what it was shown?

import { CanvasView } from "../base/canvas_view.js";
import { write } from "../base/dom.js";
import { decodeMosaic, drawMosaic, fitMosaic, GAP, mosaicSize, stripOf } from "../drawing/mosaic.js";
import { figure } from "../base/numbers.js";

/** @import { PackedMosaic, ViewRoom } from "../base/types.js" */
/** @typedef {{ distances: number[], median: number, typical: number, alike: boolean } & PackedMosaic} Neighbours */

/** @param {ViewRoom} room */
export const collapse = (room) => [new NeighboursView(neighbours, room)];

/** @param {ViewRoom} room */
export const train = (room) => [new NeighboursView({ ...neighbours, slot: "interpolation", tall: true }, room)];

const LABEL = 18;
const MEMORISED = 0.5; // of the usual distance: closer than that, a sample is nearly a copy

const neighbours = {
  id: "neighbours",
  views: ["neighbours"],
  period: 400,
  title: "Nearest training images",
  tip:
    "Below each sample: the real image with the nearest pixels (Euclidean distance, written below). If samples are " +
    "much nearer to a training image than training images are to each other, they are copies: the GAN memorises. If " +
    "they are about as far, the GAN makes new images. If they are much farther, they do not look real yet.",
};

class NeighboursView extends CanvasView {
  async draw() {
    if (!this.frame) return;
    /** @type {Neighbours} */
    const view = this.frame.views.neighbours;
    const strip = stripOf(view, "real");
    if (!strip) return;
    const turn = (this.turn += 1);
    const [fake, real] = await Promise.all([decodeMosaic(view), decodeMosaic(strip)]);
    if (turn < this.painted) return;
    this.painted = turn;
    const drawing = this.clear();
    if (!drawing) return;
    const { context, width, height, ratio } = drawing;
    const { theme } = this.room;
    const scale = fitMosaic({ ...fake, rows: 2 }, { width: width - 8, height: height - 3 * LABEL }, ratio);
    const size = mosaicSize(fake, scale);
    const left = Math.round((width - size.width) / 2);
    /** @type {(text: string, x: number, y: number, colour: string, align?: CanvasTextAlign) => void} */
    const label = (text, x, y, colour, align = "left") => {
      context.fillStyle = colour;
      context.font = `600 12px ${theme.font}`;
      context.textAlign = align;
      context.textBaseline = "top";
      context.fillText(text, x, y);
    };
    label("generated", left, 2, theme.generated);
    drawMosaic(context, fake, left, LABEL, scale);
    const below = LABEL + size.height + 4;
    label("nearest real", left, below, theme.real);
    drawMosaic(context, real, left, below + LABEL, scale);
    const step = fake.width * scale + GAP;
    view.distances.forEach((distance, i) => {
      label(figure(distance), left + i * step + step / 2, below + LABEL + size.height + 3, theme.muted, "center");
    });
    const said = verdict(view);
    write(this.foot, said);
    this.describe(said);
  }
}

/** @param {Pick<Neighbours, "median" | "typical" | "alike">} view */
export function verdict({ median, typical, alike }) {
  const share = median / typical;
  const against = alike ? "all training images are the same" : `between real images ${figure(typical)}`;
  const measured = `distance ${figure(median)}, ${against}`;
  if (share < MEMORISED) return `Samples are nearly copies: ${measured}.`;
  return share < 1.5 ? `Samples are not copies: ${measured}.` : `Samples are far from any real image: ${measured}.`;
}
