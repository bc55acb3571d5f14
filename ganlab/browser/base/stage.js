// @ts-check
// What all our components that Streamlit mounts do alike: one room an element, our styles, the theme in force.

import { element } from "./dom.js";
import { readTheme, sameTheme } from "./theme.js";

/** @import { Mounting, Palettes, Room, Theme } from "./types.js" */

/**
 * What Streamlit calls, with the same element again whenever data or theme change. Returns what it calls at the end.
 *
 * @template Data
 * @param {new (root: HTMLElement) => Room<Data>} RoomClass
 */
export function mountIn(RoomClass) {
  /** @type {WeakMap<HTMLElement, { room: Room<Data>, calls: number }>} */
  const rooms = new WeakMap();
  /** @param {Mounting<Data>} mounting */
  return function mount({ data, parentElement, setTriggerValue }) {
    const kept = rooms.get(parentElement) ?? { room: new RoomClass(parentElement), calls: 0 };
    rooms.set(parentElement, kept);
    kept.room.accept(data, setTriggerValue);
    const call = (kept.calls += 1);
    return () => {
      if (call !== kept.calls) return; // Streamlit also cleans up after a call that a later one has overtaken
      kept.room.close();
      rooms.delete(parentElement);
    };
  };
}

/**
 * Put style sheets before the room's node, which stays hidden until they are there: no flash of bare text.
 * The promise is kept when they are.
 *
 * @param {{ root: HTMLElement, node: HTMLElement, assets: URL }} room
 * @param {...string} names
 * @returns {Promise<unknown>}
 */
export function addStyles({ root, node, assets }, ...names) {
  if (root.querySelector("link.lab-styles")) return Promise.resolve();
  node.style.visibility = "hidden";
  const links = names.map((name) =>
    element("link", { class: "lab-styles", rel: "stylesheet", href: new URL(name, assets) }),
  );
  const loaded = links.map((link) => new Promise((done) => (link.onload = link.onerror = done)));
  root.prepend(...links);
  return Promise.all(loaded).then(() => node.style.removeProperty("visibility"));
}

/**
 * The theme of a node; the one before if nothing changed. Style rules find its colours under their names.
 *
 * @param {HTMLElement} node
 * @param {Palettes} colours
 * @param {Theme} [before]
 */
export function themeOf(node, colours, before) {
  const theme = readTheme(node, colours);
  if (before && sameTheme(theme, before)) return before;
  for (const name of /** @type {const} */ (["real", "generated", "discriminator", "generator"])) {
    node.style.setProperty(`--${name}`, theme[name]);
  }
  node.classList.toggle("dark", theme.dark);
  return theme;
}

/**
 * How many pixels of the window one of an element's own takes: more than 1 in the presentation view.
 *
 * @param {Element} node
 */
export const enlargementOf = (node) => node.currentCSSZoom ?? 1; // not every browser tells

/**
 * Where a pointer is in an element, in the element's own pixels from its left and top.
 *
 * @param {Element} node
 * @param {MouseEvent} event
 * @returns {[number, number]}
 */
export function placeIn(node, { clientX, clientY }) {
  const box = node.getBoundingClientRect();
  return [
    ((clientX - box.left) * node.clientWidth) / box.width,
    ((clientY - box.top) * node.clientHeight) / box.height,
  ];
}
