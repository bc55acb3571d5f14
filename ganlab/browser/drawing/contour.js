// @ts-check
// Marching squares: the line where a grid of values crosses a level.

/** @typedef {(x1: number, y1: number, x2: number, y2: number) => void} Segment in grid coordinates (column, row) */
/** @typedef {"bottom" | "right" | "top" | "left"} Side */

/**
 * Calls `segment` with each piece of the line.
 *
 * @param {ArrayLike<number>} values (rows, columns), row 0 lowest
 * @param {number} rows
 * @param {number} columns
 * @param {number} level
 * @param {Segment} segment
 */
export function contour(values, rows, columns, level, segment) {
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      const corners = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]];
      const inside = corners.reduce((bits, value, i) => bits | (Number(value > level) << i), 0);
      if (inside !== 0 && inside !== 15) square(column, row, corners, inside, level, segment);
    }
  }
}

/**
 * The corners a, b, c, d run anticlockwise from the lower left; each side is crossed where its ends' values say.
 *
 * @param {number} column
 * @param {number} row
 * @param {number[]} corners
 * @param {number} inside a bit for each corner
 * @param {number} level
 * @param {Segment} segment
 */
function square(column, row, [a, b, c, d], inside, level, segment) {
  /** @type {(from: number, to: number) => number} */
  const share = (from, to) => (level - from) / (to - from);
  /** @type {Record<Side, () => [number, number]>} */
  const sides = {
    bottom: () => [column + share(a, b), row],
    right: () => [column + 1, row + share(b, c)],
    top: () => [column + share(d, c), row + 1],
    left: () => [column, row + share(a, d)],
  };
  for (const [from, to] of crossings(inside, (a + b + c + d) / 4 > level)) segment(...sides[from](), ...sides[to]());
}

/**
 * The pairs of sides that the line joins.
 *
 * @param {number} inside
 * @param {boolean} middleInside
 * @returns {[Side, Side][]}
 */
function crossings(inside, middleInside) {
  switch (inside) {
    case 1:
    case 14:
      return [["left", "bottom"]];
    case 2:
    case 13:
      return [["bottom", "right"]];
    case 4:
    case 11:
      return [["right", "top"]];
    case 8:
    case 7:
      return [["top", "left"]];
    case 3:
    case 12:
      return [["left", "right"]];
    case 6:
    case 9:
      return [["bottom", "top"]];
    default: // two opposite corners inside: the middle settles whether they are joined
      return (inside === 5) === middleInside
        ? [
            ["left", "top"],
            ["bottom", "right"],
          ]
        : [
            ["left", "bottom"],
            ["right", "top"],
          ];
  }
}
