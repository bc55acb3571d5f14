// Which views a run has, which of them are shown, and the newest frame to each.

import { CodesView } from "../views/codes.js";
import { cosine } from "../views/cosine.js";
import { gradients, losses, scores } from "../views/curves.js";
import { densities, density } from "../views/density.js";
import { element, remember, remembered } from "../base/dom.js";
import { elbo } from "../views/elbo.js";
import { histograms } from "../views/histograms.js";
import { InterpolationView } from "../views/interpolation.js";
import { ModesView } from "../views/mode_bars.js";
import { naming } from "../views/naming.js";
import { distance, PhaseView } from "../views/phase.js";
import { PlaneView } from "../views/plane.js";
import { PlotView } from "../base/plot_view.js";
import { ProgressView } from "../views/progress.js";
import { QualityView } from "../views/quality.js";
import { SamplesView } from "../views/samples.js";
import { Slots } from "./slots.js";

function viewsOf({ kind, cards: views, model }, room) {
  const has = ({ views: names }) => names.every((name) => views.includes(name));
  const big = {
    plane: () => new PlaneView(room),
    line: () => new PlotView(model === "vae" ? densities : density, room),
    phase: () => new PhaseView(room),
    images: () => new SamplesView(room),
  }[kind]();
  if (kind === "phase") return [big, ...[distance, losses, scores, gradients].map((spec) => new PlotView(spec, room))];
  const curves = [model === "vae" ? elbo : losses, scores, histograms, gradients, cosine];
  if (views.includes("naming")) curves.push(naming);
  const small = curves.filter(has).map((spec) => new PlotView(spec, room));
  if (views.includes("quality")) {
    const beside = small.findIndex(({ id }) => id === "histograms"); // whose place it shares
    small.splice(beside < 0 ? small.length : beside + 1, 0, new QualityView(room));
  }
  if (views.includes("modes")) small.push(new ModesView(room));
  if (views.includes("codes")) small.push(new CodesView(room));
  small.push(new InterpolationView(room));
  if (kind === "images") small.push(new ProgressView(room));
  return [big, ...small];
}

export class Board {
  // changed(): called when what is shown, and so what is wanted, has changed
  constructor(room, changed) {
    this.room = room;
    this.changed = changed;
    this.views = viewsOf(room.data, room);
    this.hidden = remembered("hidden", {});
    this.slots = new Slots(this.views, () => this.#swap());
    this.node = element("div", { class: `board ${room.data.kind}` }, ...this.views.map(({ node }) => node));
    for (const view of this.views) this.#addTools(view);
    this.node.onkeydown = (event) => {
      if (event.key === "Escape" && this.enlarged) this.#enlarge(undefined);
    };
    this.#arrange();
  }

  // The names of the views that a person can see now.
  wanted() {
    const seen = this.views.filter((view) => this.#seen(view)).flatMap(({ views }) => views);
    // The interpolation's path is drawn over real points, which only the plane brings.
    const onPoints = seen.includes("interpolation") || seen.includes("codes");
    return onPoints && this.room.data.kind === "plane" ? [...new Set([...seen, "plane"])] : seen;
  }

  take(frame) {
    for (const view of this.views) if (this.#seen(view) && view.take(frame)) this.room.painter.mark(view);
  }

  reset() {
    for (const view of this.views) view.reset();
  }

  retheme() {
    for (const view of this.views) view.retheme();
  }

  close() {
    for (const view of this.views) view.close();
    this.node.remove();
  }

  #seen(view) {
    return this.enlarged ? view === this.enlarged : this.#placed(view);
  }

  // Charts that share a place are put away together.
  #placed(view) {
    return this.slots.shows(view) && !this.hidden[view.spec.slot ?? view.id];
  }

  // Another chart in a shared place; if that place was enlarged, it stays so.
  #swap() {
    if (this.enlarged?.spec.slot) this.enlarged = this.views.find((view) => view.spec.slot && this.slots.shows(view));
    this.#arrange();
  }

  #addTools(view) {
    const tool = (name, sign, action) =>
      element("button", { type: "button", class: "quiet", "aria-label": name, title: name, onclick: action }, sign);
    view.enlargeTool = tool(`Enlarge ${view.spec.title}`, "⤢", () =>
      this.#enlarge(this.enlarged === view ? undefined : view),
    );
    view.tools.append(view.enlargeTool);
    if (view.id !== "big") view.tools.append(tool(`Hide ${view.spec.title}`, "×", () => this.#hide(view, true)));
  }

  #hide(view, hide) {
    this.hidden[view.spec.slot ?? view.id] = hide;
    remember("hidden", this.hidden);
    if (hide && this.enlarged === view) this.enlarged = undefined;
    this.#arrange();
  }

  #enlarge(view) {
    this.enlarged = view;
    this.#arrange();
  }

  #arrange() {
    const small = this.views.filter((view) => view.id !== "big" && this.#placed(view));
    // A strip of images is wide; and in two columns, so is the last of an odd number of charts.
    const strip = this.room.data.kind === "images" && small.find(({ spec }) => spec.slot === "interpolation");
    const odd = (small.length + (strip ? 1 : 0)) % 2 === 1;
    const wide = [strip, odd && small.findLast((view) => view !== strip)].filter(Boolean);
    const rows = Array.from({ length: Math.max(1, (small.length + wide.length) / 2) }, () => "minmax(0, 1fr)");
    if (strip && rows.length > 1) rows[rows.length - 1] = "minmax(0, 0.5fr)"; // and not high
    // The codes are a grid of as many rows as there are categories.
    if (strip && small.some(({ id }) => id === "codes")) rows[rows.length - 2] = "minmax(0, 1.8fr)";
    this.node.style.setProperty("--rows", rows.join(" "));
    for (const view of this.views) {
      view.node.hidden = !this.#seen(view);
      view.node.classList.toggle("wide", wide.includes(view));
      view.node.classList.toggle("enlarged", view === this.enlarged);
      view.enlargeTool.setAttribute("aria-pressed", String(view === this.enlarged));
    }
    this.node.classList.toggle("alone", this.enlarged !== undefined || small.length === 0);
    this.#offerHidden();
    this.changed();
  }

  // The charts put away stay one click from coming back.
  #offerHidden() {
    const away = this.views.filter((view) => this.slots.shows(view) && !this.#placed(view));
    const offers = away.map((view) =>
      element(
        "button",
        { type: "button", class: "key", onclick: () => this.#hide(view, false) },
        `+ ${view.spec.title}`,
      ),
    );
    this.room.status.extras.replaceChildren(...offers);
  }
}
