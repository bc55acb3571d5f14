// @ts-check
// Asking an address of the class for something, with a short JSON object.

import { element } from "../base/dom.js";

/**
 * @param {string} path relative to the page's address
 * @param {object} said
 * @returns {Promise<string | null>} why it was refused, or null
 */
export async function ask(path, said) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(said),
    });
    return answer.ok ? null : await answer.text();
  } catch {
    return "The server does not answer. Try again.";
  }
}

/** @typedef {(said: object) => Promise<void>} Act does what a button of the board says */

/**
 * @param {string} label
 * @param {() => void} onclick
 * @param {string} [kind]
 */
export const button = (label, onclick, kind = "") => element("button", { class: kind, onclick, type: "button" }, label);

/**
 * The one element that a selector finds in a page of ours.
 *
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function found(selector) {
  const node = document.querySelector(selector);
  if (!(node instanceof HTMLElement)) throw new Error(`this page has no ${selector}`);
  return node;
}
