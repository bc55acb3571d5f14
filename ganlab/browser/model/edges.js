// @ts-check
// The lines between the nodes: forward ones solid, gradients dashed, as wide as the logarithm of their norm.

/** @import { Box } from "./layout.js" */

/** @typedef {{ name: string, from: string, to: string, kind: "forward" | "back" | "cut", player: string }} Edge */
/** @typedef {[number, number]} Point */

const SVG = "http://www.w3.org/2000/svg";
const CORNER = 32; // pixels
const FAR = 240; // pixels between boxes that have others between them
const APART = 11; // pixels between a line and the gradients that come back along it

/**
 * "g>fake" is computed, "scores<d:g" is the way of G's gradient from the scores to D, "d|fake:d" is cut.
 *
 * @param {string} text
 * @returns {Edge}
 */
export function edgeOf(text) {
  const [name, player = ""] = text.split(":");
  const sign = name.includes(">") ? ">" : name.includes("<") ? "<" : "|";
  const [from, to] = name.split(sign);
  return { name, from, to, kind: sign === ">" ? "forward" : sign === "<" ? "back" : "cut", player };
}

/**
 * How wide a gradient is drawn.
 *
 * @param {number | undefined} norm
 */
export function widthOf(norm) {
  if (norm === undefined || !Number.isFinite(norm) || norm <= 0) return 1;
  return Math.max(1, Math.min(7, 3 + 1.2 * Math.log10(norm)));
}

/**
 * The sides at which a line leaves one box and enters another.
 *
 * @param {Box} a
 * @param {Box} b
 * @param {number} aside pixels by which it is moved, so that lines both ways lie side by side
 * @returns {{ from: Point, to: Point, level: boolean }}
 */
function ends(a, b, aside) {
  const gapRight = b.x - (a.x + a.width);
  const gapLeft = a.x - (b.x + b.width);
  const [middleA, middleB] = [a.y + a.height / 2, b.y + b.height / 2];
  const gapDown = Math.max(b.y - (a.y + a.height), a.y - (b.y + b.height));
  if (Math.max(gapRight, gapLeft) > 4 && !(gapDown > 20 && Math.max(gapRight, gapLeft) < 20)) {
    const right = gapRight > gapLeft;
    // Boxes that are side by side are joined by a straight line at a height that both have, others where they are near.
    const [top, bottom] = [Math.max(a.y, b.y), Math.min(a.y + a.height, b.y + b.height)];
    const shared = bottom - top > 40;
    const [from, to] = shared ? [(top + bottom) / 2, (top + bottom) / 2] : [within(middleB, a), within(middleA, b)];
    return {
      from: [right ? a.x + a.width : a.x, from + aside],
      to: [right ? b.x : b.x + b.width, to + aside],
      level: true,
    };
  }
  const down = b.y > a.y;
  const [left, end] = [Math.max(a.x, b.x), Math.min(a.x + a.width, b.x + b.width)];
  const x = end - left > 30 ? (left + end) / 2 : undefined;
  return {
    from: [(x ?? a.x + a.width / 2) + aside, down ? a.y + a.height : a.y],
    to: [(x ?? b.x + b.width / 2) + aside, down ? b.y : b.y + b.height],
    level: false,
  };
}

/**
 * The height nearest to this one that is not at a box's corner.
 *
 * @param {number} y
 * @param {Box} box
 */
const within = (y, box) => Math.max(box.y + CORNER, Math.min(box.y + box.height - CORNER, y));

/**
 * @param {Edge} edge
 * @param {Record<string, Box>} boxes
 */
function path(edge, boxes) {
  const aside = edge.kind === "forward" ? 0 : edge.player === "g" ? -APART : APART;
  const { from, to, level } = ends(boxes[edge.from], boxes[edge.to], aside);
  if (edge.kind === "forward" && level && to[0] - from[0] > FAR && to[1] < boxes[edge.from].y) {
    const { x, y, width } = boxes[edge.from];
    const start = /** @type {Point} */ ([x + width / 2, y]); // over what is in between
    return { d: `M${start} C${[start[0], to[1]]} ${[to[0] - FAR, to[1]]} ${to}`, end: to };
  }
  let [x2, y2] = to;
  if (edge.kind === "cut") [x2, y2] = [from[0] + (to[0] - from[0]) * 0.45, from[1] + (to[1] - from[1]) * 0.2];
  const bend = level ? (x2 - from[0]) / 2 : (y2 - from[1]) / 2;
  const [c1, c2] = level
    ? [
        [from[0] + bend, from[1]],
        [x2 - bend, y2],
      ]
    : [
        [from[0], from[1] + bend],
        [x2, y2 - bend],
      ];
  return { d: `M${from} C${c1} ${c2} ${[x2, y2]}`, end: /** @type {Point} */ ([x2, y2]) };
}

export class Edges {
  /** @type {Map<string, SVGElement>} */
  lines = new Map();
  /** @type {Edge[]} */
  edges = [];

  constructor() {
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("class", "edges");
    this.svg.setAttribute("aria-hidden", "true");
  }

  /**
   * @param {string[]} names
   * @param {import("./layout.js").Layout} layout
   */
  draw(names, { width, height, boxes }) {
    this.edges = names.map(edgeOf);
    this.lines.clear();
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.replaceChildren(...["", "d", "g"].map(marker));
    for (const edge of this.edges) {
      const { d, end } = path(edge, boxes);
      const line = document.createElementNS(SVG, "path");
      line.setAttribute("d", d);
      line.setAttribute("class", `edge ${edge.kind} ${edge.player}`);
      if (edge.kind !== "cut") line.setAttribute("marker-end", `url(#tip-${edge.player})`);
      this.svg.append(line);
      this.lines.set(`${edge.name}:${edge.player}`, line);
      if (edge.kind === "cut") this.svg.append(...this.#cut(end, boxes[edge.from], boxes[edge.to]));
    }
  }

  /**
   * The widths of the gradients.
   *
   * @param {Record<string, number | undefined>} norms by player
   */
  weigh(norms) {
    for (const { name, kind, player } of this.edges) {
      if (kind === "forward") continue;
      this.lines.get(`${name}:${player}`)?.style.setProperty("stroke-width", widthOf(norms[player]).toFixed(2));
    }
  }

  /**
   * Light some edges up; none dims none.
   *
   * @param {Set<string>} lit
   * @param {string} player whose gradients are meant
   */
  light(lit, player) {
    for (const { name, kind, player: own } of this.edges) {
      const on = lit.has(name) && (kind === "forward" || !player || own === player || player === "both");
      this.lines.get(`${name}:${own}`)?.classList.toggle("lit", on);
    }
  }

  /**
   * The bar and the word where the way back to G is cut.
   *
   * @param {Point} end
   * @param {Box} from
   * @param {Box} to
   */
  #cut([x, y], from, to) {
    const bar = document.createElementNS(SVG, "path");
    const level = from.x > to.x + to.width;
    bar.setAttribute("d", level ? `M${x - 2} ${y - 9} L${x - 2} ${y + 9}` : `M${x - 9} ${y} L${x + 9} ${y}`);
    bar.setAttribute("class", "bar d");
    const word = document.createElementNS(SVG, "text");
    word.setAttribute("x", String(x + (level ? -5 : -12)));
    word.setAttribute("y", String(y + (level ? 22 : 5)));
    word.setAttribute("class", "detach d");
    word.setAttribute("text-anchor", level ? "middle" : "end");
    word.textContent = ".detach()";
    return [bar, word];
  }
}

/** @param {string} player */
function marker(player) {
  const node = document.createElementNS(SVG, "marker");
  const tip = document.createElementNS(SVG, "path");
  const about = {
    id: `tip-${player}`,
    viewBox: "0 0 8 8",
    refX: 7,
    refY: 4,
    orient: "auto",
    markerUnits: "userSpaceOnUse",
  };
  for (const [name, value] of Object.entries({ ...about, markerWidth: 9, markerHeight: 9 })) {
    node.setAttribute(name, String(value));
  }
  tip.setAttribute("d", "M0 0 L8 4 L0 8 z");
  tip.setAttribute("class", `tip-of ${player}`);
  node.append(tip);
  return node;
}
