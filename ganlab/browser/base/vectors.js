// The little linear algebra that sliders and cursors need at once, without asking the server.

export const zeros = (count) => new Array(count).fill(0);

// a + s * b, element by element
export const plus = (a, b, s = 1) => a.map((value, i) => value + s * b[i]);

// The rows of a matrix that came as one array
export function rowsOf(array) {
  const [count, length] = array.shape;
  return Array.from({ length: count }, (_, i) => Array.from(array.subarray(i * length, (i + 1) * length)));
}

// The latent at (across, up) of a plane { origin, directions: [u, v] }
export const onPlane = ({ origin, directions: [u, v] }, across, up) => plus(plus(origin, u, across), v, up);
