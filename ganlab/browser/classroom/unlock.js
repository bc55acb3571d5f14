// @ts-check
// The teacher's link: its key, which browsers send to nobody, is exchanged for a cookie and leaves the address.

import { write } from "../base/dom.js";
import { ask, found } from "./ask.js";

const key = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
const refused = await ask("key", { key });
if (refused === null) location.replace("board");
else write(found(".said"), refused);
