// @ts-check
// Where different losses would push the same samples, all arrows on one scale: a saturating gradient is seen to vanish.

import { CanvasView } from "../base/canvas_view.js";
import { write } from "../base/dom.js";
import { figure as digits } from "../base/numbers.js";
import { arrows, dots, typicalLength } from "../drawing/layers.js";
import { squares, within } from "../drawing/square.js";

/** @import { Numbers, ViewRoom } from "../base/types.js" */
/** @typedef {{ extent: number, from: Numbers, names: string[], arrows: Numbers, means: number[] }} Pulls */

/** @param {ViewRoom} room */
export const model = (room) => [new PullsView(room)];

const pulls = {
  id: "pulls",
  views: ["pulls"],
  period: 300,
  title: "What D tells G",
  tip:
    "Where G's loss would push each sample, for the loss in use and for others, with the same D and on one scale. " +
    "Where D is sure that samples are generated, the saturating loss pushes hardly at all. D's output alone is the " +
    "gradient of D's raw output, before any loss. Samples are those of G as it trains, not of the average of its " +
    "weights.",
};

class PullsView extends CanvasView {
  said = document.createElement("span");

  /** @param {ViewRoom} room */
  constructor(room) {
    super(pulls, room);
    this.foot.append(this.said);
  }

  draw() {
    const view = /** @type {Pulls | undefined} */ (this.frame?.views.pulls);
    const drawing = view && this.clear();
    if (!drawing) return;
    const { theme } = this.room;
    const { context, width, height } = drawing;
    const many = view.names.length;
    const long = typicalLength(view.arrows);
    squares(many, width, height, view.extent).forEach((square, i) => {
      const size = view.arrows.length / many;
      const field = view.arrows.subarray(i * size, (i + 1) * size);
      within(context, square, view.names[i], theme, () => {
        dots(context, view.from, square.x, square.y, theme.generated, theme.background);
        arrows(context, { arrows_from: view.from, arrows: field }, square.x, square.y, theme, long);
      });
    });
    const lengths = view.names.map((name, i) => `${name}: ${digits(view.means[i])}`);
    const alone = many > 1 ? "" : " G raises D's output itself, so there is nothing else to compare with.";
    const text = `Mean length of the arrows. ${lengths.join(". ")}.${alone}`;
    write(this.said, text);
    this.describe(text);
  }
}
