// The operations that generators are made of, on Float32Arrays in row-major order, one sample at a time.
// Their names and meanings are those of PyTorch's ATen.

const size = (shape) => shape.reduce((product, side) => product * side, 1);

// How far apart in memory neighbours along each dimension lie.
function strides(shape) {
  const steps = new Array(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    steps[d] = step;
    step *= shape[d];
  }
  return steps;
}

// Where each number of `shape` comes from, if dimension d moves by steps[d] from `first` on.
function places(shape, steps, first = 0) {
  const from = new Int32Array(size(shape));
  const at = new Array(shape.length).fill(0);
  let place = first;
  for (let i = 0; i < from.length; i++) {
    from[i] = place;
    for (let d = shape.length - 1; d >= 0; d--) {
      place += steps[d];
      if (++at[d] < shape[d]) break;
      place -= steps[d] * shape[d];
      at[d] = 0;
    }
  }
  return from;
}

function broadcastSteps(from, to) {
  const steps = strides(from),
    missing = to.length - from.length;
  return to.map((_, d) => (d < missing || from[d - missing] === 1 ? 0 : steps[d - missing]));
}

function gather(x, from) {
  const y = new Float32Array(from.length);
  for (let i = 0; i < y.length; i++) y[i] = x[from[i]];
  return y;
}

function each(x, f) {
  const y = new Float32Array(x.length);
  for (let i = 0; i < y.length; i++) y[i] = f(x[i]);
  return y;
}

function pairwise(node, [a, b], [aShape, bShape], f) {
  const y = new Float32Array(size(node.shape));
  if (a.length === y.length && b.length === y.length) {
    for (let i = 0; i < y.length; i++) y[i] = f(a[i], b[i]);
    return y;
  }
  const fromA = places(node.shape, broadcastSteps(aShape, node.shape));
  const fromB = places(node.shape, broadcastSteps(bShape, node.shape));
  for (let i = 0; i < y.length; i++) y[i] = f(a[fromA[i]], b[fromB[i]]);
  return y;
}

// (batch, rows, inner) x (batch, inner, columns) -> (batch, rows, columns), added to y.
function multiply(a, b, y, batch, rows, inner, columns) {
  for (let n = 0; n < batch; n++) {
    for (let r = 0; r < rows; r++) {
      const row = (n * rows + r) * columns;
      for (let k = 0; k < inner; k++) {
        const factor = a[(n * rows + r) * inner + k],
          other = (n * inner + k) * columns;
        if (factor !== 0) for (let c = 0; c < columns; c++) y[row + c] += factor * b[other + c];
      }
    }
  }
  return y;
}

// Along one dimension: `outer` blocks of `count` numbers that lie `inner` apart.
function along(shape, dim) {
  return { outer: size(shape.slice(0, dim)), count: shape[dim], inner: size(shape.slice(dim + 1)) };
}

function convolution(node, [x, weight, bias], [xShape, weightShape]) {
  const [, inputs, height, width] = xShape,
    [, outputs, rows, columns] = node.shape;
  const {
    stride: [sy, sx],
    padding: [py, px],
    dilation: [dy, dx],
    groups,
    transposed,
  } = node;
  const kernelY = weightShape[2],
    kernelX = weightShape[3];
  const y = new Float32Array(size(node.shape));
  if (bias) for (let o = 0; o < outputs; o++) y.fill(bias[o], o * rows * columns, (o + 1) * rows * columns);
  const perIn = inputs / groups,
    perOut = outputs / groups;
  for (let o = 0; o < outputs; o++) {
    const group = Math.floor(o / perOut);
    for (let j = 0; j < perIn; j++) {
      const i = group * perIn + j;
      const kernel = (transposed ? i * perOut + (o % perOut) : o * perIn + j) * kernelY * kernelX;
      for (let ky = 0; ky < kernelY; ky++) {
        for (let kx = 0; kx < kernelX; kx++) {
          const w = weight[kernel + ky * kernelX + kx];
          const offsetY = ky * dy - py,
            offsetX = kx * dx - px;
          // In a convolution, output (r, c) reads input (r s + offset, ...); transposed, input (r, c) adds to it.
          const fromRows = transposed ? height : rows,
            fromColumns = transposed ? width : columns;
          const toRows = transposed ? rows : height,
            toColumns = transposed ? columns : width;
          const firstC = Math.max(0, Math.ceil(-offsetX / sx));
          const lastC = Math.min(fromColumns - 1, Math.floor((toColumns - 1 - offsetX) / sx));
          for (let r = 0; r < fromRows; r++) {
            const across = r * sy + offsetY;
            if (across < 0 || across >= toRows) continue;
            const near = ((transposed ? i : o) * fromRows + r) * fromColumns;
            const far = ((transposed ? o : i) * toRows + across) * toColumns + offsetX;
            if (transposed) for (let c = firstC; c <= lastC; c++) y[far + c * sx] += w * x[near + c];
            else for (let c = firstC; c <= lastC; c++) y[near + c] += w * x[far + c * sx];
          }
        }
      }
    }
  }
  return y;
}

function upsampled(node, x, [, , height, width], line) {
  const [, channels, rows, columns] = node.shape,
    y = new Float32Array(size(node.shape));
  const down = Array.from({ length: rows }, (_, r) => line(r, height, rows));
  const right = Array.from({ length: columns }, (_, c) => line(c, width, columns));
  let k = 0;
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * height * width;
    for (const [top, bottom, t] of down) {
      for (const [left, far, s] of right) {
        const above = x[start + top * width + left] * (1 - s) + x[start + top * width + far] * s;
        const below = x[start + bottom * width + left] * (1 - s) + x[start + bottom * width + far] * s;
        y[k++] = above * (1 - t) + below * t;
      }
    }
  }
  return y;
}

function nearest(i, from, to) {
  const place = Math.min(Math.floor((i * from) / to), from - 1);
  return [place, place, 0];
}

function bilinear(i, from, to) {
  const place = Math.max(((i + 0.5) * from) / to - 0.5, 0),
    low = Math.min(Math.floor(place), from - 1);
  return [low, Math.min(low + 1, from - 1), place - low];
}

function reduced(node, x, xShape) {
  const kept = xShape.map((side, d) => (node.dims.includes(d) ? 1 : side));
  const into = places(
    xShape,
    strides(kept).map((step, d) => (node.dims.includes(d) ? 0 : step)),
  );
  const y = new Float32Array(size(node.shape));
  for (let i = 0; i < x.length; i++) y[into[i]] += x[i];
  const share = node.mean ? y.length / x.length : 1;
  return each(y, (sum) => sum * share);
}

const OPERATIONS = {
  reshape: (node, [x]) => x,
  permute: (node, [x], [shape]) =>
    gather(
      x,
      places(
        node.shape,
        node.dims.map((d) => strides(shape)[d]),
      ),
    ),
  expand: (node, [x], [shape]) => gather(x, places(node.shape, broadcastSteps(shape, node.shape))),
  slice: (node, [x], [shape]) => {
    const steps = strides(shape);
    const moved = steps.map((step, d) => (d === node.dim ? step * node.step : step));
    return gather(x, places(node.shape, moved, steps[node.dim] * node.start));
  },
  cat: (node, parts, shapes) => {
    const { outer, inner } = along(node.shape, node.dim),
      y = new Float32Array(size(node.shape));
    let at = 0;
    for (let o = 0; o < outer; o++) {
      parts.forEach((part, p) => {
        const length = shapes[p][node.dim] * inner;
        y.set(part.subarray(o * length, (o + 1) * length), at);
        at += length;
      });
    }
    return y;
  },

  add: (node, xs, shapes) => pairwise(node, xs, shapes, (a, b) => a + b),
  sub: (node, xs, shapes) => pairwise(node, xs, shapes, (a, b) => a - b),
  mul: (node, xs, shapes) => pairwise(node, xs, shapes, (a, b) => a * b),
  div: (node, xs, shapes) => pairwise(node, xs, shapes, (a, b) => a / b),
  relu: (node, [x]) => each(x, (v) => Math.max(v, 0)),
  leaky_relu: (node, [x]) => each(x, (v) => (v < 0 ? node.slope * v : v)),
  tanh: (node, [x]) => each(x, Math.tanh),
  sigmoid: (node, [x]) => each(x, (v) => 1 / (1 + Math.exp(-v))),
  exp: (node, [x]) => each(x, Math.exp),
  sqrt: (node, [x]) => each(x, Math.sqrt),
  rsqrt: (node, [x]) => each(x, (v) => 1 / Math.sqrt(v)),
  pow: (node, [x]) => each(x, (v) => Math.pow(v, node.exponent)),

  mm: (node, [a, b], [aShape, bShape]) => {
    const [inner, columns] = bShape.slice(-2),
      rows = aShape.at(-2);
    return multiply(a, b, new Float32Array(size(node.shape)), size(aShape.slice(0, -2)), rows, inner, columns);
  },
  addmm: (node, [bias, a, b], [biasShape, aShape, bShape]) => {
    const start = gather(bias, places(node.shape, broadcastSteps(biasShape, node.shape)));
    return multiply(a, b, start, 1, aShape[0], bShape[0], bShape[1]);
  },
  convolution,
  // One scale and shift for each of their entries; `inner` numbers in a row share one.
  affine: (node, [x, scale, shift]) => {
    const y = new Float32Array(x.length),
      count = scale.length;
    for (let i = 0; i < y.length; i++) {
      const c = Math.floor(i / node.inner) % count;
      y[i] = x[i] * scale[c] + shift[c];
    }
    return y;
  },
  // To mean 0 and variance 1, each `length` numbers in a row.
  normalise: (node, [x]) => {
    const y = new Float32Array(x.length),
      length = node.length;
    for (let start = 0; start < x.length; start += length) {
      let mean = 0,
        variance = 0;
      for (let i = start; i < start + length; i++) mean += x[i] / length;
      for (let i = start; i < start + length; i++) variance += (x[i] - mean) ** 2 / length;
      const scale = 1 / Math.sqrt(variance + node.eps);
      for (let i = start; i < start + length; i++) y[i] = (x[i] - mean) * scale;
    }
    return y;
  },
  softmax: (node, [x], [shape]) => {
    const { outer, count, inner } = along(shape, node.dim),
      y = new Float32Array(x.length);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const at = (k) => (o * count + k) * inner + i;
        let most = -Infinity,
          sum = 0;
        for (let k = 0; k < count; k++) most = Math.max(most, x[at(k)]);
        for (let k = 0; k < count; k++) sum += y[at(k)] = Math.exp(x[at(k)] - most);
        for (let k = 0; k < count; k++) y[at(k)] /= sum;
      }
    }
    return y;
  },
  reduce: (node, [x], [shape]) => reduced(node, x, shape),
  upsample_nearest2d: (node, [x], [shape]) => upsampled(node, x, shape, nearest),
  upsample_bilinear2d: (node, [x], [shape]) => upsampled(node, x, shape, bilinear),
};

// 16-bit floats (IEEE 754) as 32-bit ones.
function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1,
    exponent = (bits >> 10) & 31,
    fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}

// The numbers in base64, little-endian, of 16 or 32 bits each.
function decoded(text, bits) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer),
    values = new Float32Array((bytes.length * 8) / bits);
  for (let i = 0; i < values.length; i++) {
    values[i] = bits === 16 ? fromHalf(view.getUint16(2 * i, true)) : view.getFloat32(4 * i, true);
  }
  return values;
}

// z (latent_dim,) -> sample, as the program's steps say.
function generatorOf(program, numbers) {
  const constants = {},
    shapes = { z: program.input };
  let start = 0;
  for (const { name, shape } of program.constants) {
    constants[name] = numbers.subarray(start, (start += size(shape)));
    shapes[name] = shape;
  }
  for (const step of program.steps) shapes[step.name] = step.shape;
  return (z) => {
    const values = { ...constants, z: Float32Array.from(z) };
    for (const step of program.steps) {
      values[step.name] = OPERATIONS[step.op](
        step,
        step.inputs.map((name) => values[name]),
        step.inputs.map((name) => shapes[name]),
      );
    }
    return values[program.output];
  };
}
