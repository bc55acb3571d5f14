// @ts-check
// The modules of views/, each of which draws the view of its name. Python declares where a view has a card (see
// ganlab/views/view.py); for each page that shows it, its module exports a function of that name, which makes them.

import { mountIn } from "./stage.js";

/** @import { View } from "./card.js" */
/** @import { Mounting } from "./types.js" */

/** @type {Map<string, Record<string, (room: any, run?: any) => View[]>>} */
const modules = new Map();

/** @param {string[]} views */
async function fetchModules(views) {
  await Promise.all(views.map(async (name) => modules.set(name, await import(`../views/${name}.js`))));
}

/**
 * The cards of these views on a page, in their order.
 *
 * @param {string} page
 * @param {string[]} views
 * @param {any} room
 * @param {any} [run]
 */
export function cardsOf(page, views, room, run) {
  return views.flatMap((name) => /** @type {any} */ (modules.get(name))[page](room, run));
}

/**
 * As `mountIn`, once the modules of all views that the page may show (data.views) are there. Later calls wait for the
 * same promise, so that none overtakes another.
 *
 * @param {Parameters<typeof mountIn>[0]} Room
 */
export function mountWithCards(Room) {
  const mount = mountIn(Room);
  /** @type {Promise<void> | undefined} */
  let fetched;
  return async function (/** @type {Mounting} */ mounting) {
    fetched ??= fetchModules(mounting.data.views);
    await fetched;
    return mount(mounting);
  };
}
