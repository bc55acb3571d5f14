// Marching squares: the line where a grid of values crosses a level.

// values: (rows, columns), row 0 lowest. Calls segment(x1, y1, x2, y2) in grid coordinates (column, row).
export function contour(values, rows, columns, level, segment) {
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      const corners = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]];
      const inside = corners.reduce((bits, value, i) => bits | ((value > level) << i), 0);
      if (inside !== 0 && inside !== 15) square(column, row, corners, inside, level, segment);
    }
  }
}

// The corners a, b, c, d run anticlockwise from the lower left; each side is crossed where its ends' values say.
function square(column, row, [a, b, c, d], inside, level, segment) {
  const share = (from, to) => (level - from) / (to - from);
  const sides = {
    bottom: () => [column + share(a, b), row],
    right: () => [column + 1, row + share(b, c)],
    top: () => [column + share(d, c), row + 1],
    left: () => [column, row + share(a, d)],
  };
  for (const [from, to] of crossings(inside, (a + b + c + d) / 4 > level)) segment(...sides[from](), ...sides[to]());
}

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
