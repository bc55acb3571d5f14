// @ts-check
// Whether somebody opens the lab in this browser for the first time: what is offered to them is offered once.

import { remember, remembered } from "./dom.js";

const NEW = { met: false };

export const isNew = () => !remembered("newcomer", NEW).met;

// They took what was offered, or did not want it.
export const meet = () => remember("newcomer", { met: true });
