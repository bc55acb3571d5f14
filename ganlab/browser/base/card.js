// The frame around one view: its title, what it can tell, its legend with the latest values, and how to hide it.

import { attribute, element, write } from "./dom.js";

// A view is something in a card that draws the newest frame. Subclasses give draw(), and resize() where it matters.
export class View {
  // spec: { id, views, title, tip, period }; room: what all views share (theme, painter, kind, data, send)
  constructor(spec, room) {
    Object.assign(this, { id: spec.id, views: spec.views, period: spec.period ?? 500, spec, room });
    this.hiddenKeys = new Set();
    this.legendKeys = "";
    this.#build(spec);
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.body);
  }

  // Take a frame; true if it has something to draw.
  take(frame) {
    if (!this.views.every((name) => frame.views[name])) return false;
    this.frame = frame;
    return true;
  }

  // A new run, or the same one from its start: what was learned from the old curves no longer holds.
  reset() {
    this.frame = undefined;
    this.body.classList.add("waiting");
  }

  retheme() {
    if (this.frame) this.room.painter.mark(this);
  }

  resized() {
    if (this.frame) this.room.painter.mark(this);
  }

  shown() {
    this.body.classList.remove("waiting");
  }

  close() {
    this.observer.disconnect();
    this.room.painter.drop(this);
    this.node.remove();
  }

  // items: [{ key, name, colour, value, toggle }]; a click hides or shows what the key names.
  writeLegend(items) {
    const keys = items.map(({ key, name, colour }) => key + name + colour).join();
    if (keys !== this.legendKeys) {
      this.legendKeys = keys;
      this.legend.replaceChildren(...items.map((item) => this.#legendItem(item)));
    }
    items.forEach(({ value }, i) => write(this.legend.children[i].lastChild, value ?? ""));
  }

  describe(text) {
    attribute(this.body, "aria-label", `${this.spec.title}. ${text}`);
  }

  #build({ id, title, tip }) {
    this.legend = element("div", { class: "legend" });
    this.tools = element("div", { class: "tools" });
    this.body = element("div", { class: "drawing waiting", role: "img", "aria-label": `${title}: no data yet` });
    this.foot = element("div", { class: "foot" });
    const info = element(
      "span",
      { class: "info" },
      element("button", { type: "button", class: "quiet", "aria-label": `About ${title}: ${tip}` }, "i"),
      element("span", { class: "tip", role: "tooltip" }, tip),
    );
    this.head = element("header", {}, element("h3", {}, title), info, this.tools);
    this.node = element(
      "section",
      { class: `card ${id}`, role: "group", "aria-label": title, "data-view": id },
      this.head,
      this.legend,
      this.body,
      this.foot,
    );
  }

  #legendItem({ key, name, colour }) {
    const toggle = () => {
      if (!this.hiddenKeys.delete(key)) this.hiddenKeys.add(key);
      button.setAttribute("aria-pressed", String(!this.hiddenKeys.has(key)));
      this.room.painter.mark(this);
    };
    const button = element(
      "button",
      { type: "button", class: "key", "aria-pressed": String(!this.hiddenKeys.has(key)), onclick: toggle },
      element("i", { style: `background:${colour}` }),
      element("span", {}, name),
      element("b", {}, ""),
    );
    button.title = `Show or hide ${name}`;
    return button;
  }
}
