// @ts-check
// A frame's bytes as the snapshot they hold, with every array as a Float32Array or integer array.
// Layout (see frames.py): "GLF1", header length (uint32), JSON header, zeros up to a multiple of 8, arrays.

/** @import { Numbers } from "./types.js" */
/** @typedef {{ dtype: keyof typeof TYPES, offset: number, shape: number[], lo?: number, hi?: number }} PackedArray */

const TYPES = { f4: Float32Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array, i4: Int32Array };

/**
 * @param {ArrayBuffer} buffer
 * @returns {any} the snapshot, its arrays as `Numbers`
 */
export function decode(buffer) {
  const bytes = new Uint8Array(buffer);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "GLF1") throw new Error("This is not a GanLab frame.");
  const length = new DataView(buffer).getUint32(4, true);
  const start = Math.ceil((8 + length) / 8) * 8;
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  return JSON.parse(header, (_, value) => (isArray(value) ? unpack(buffer, start, value) : value));
}

/**
 * @param {unknown} value
 * @returns {value is PackedArray}
 */
function isArray(value) {
  return value !== null && typeof value === "object" && "dtype" in value && "offset" in value;
}

/**
 * The array itself: a view into the frame's own buffer where possible, so that nothing is copied without need.
 *
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @param {PackedArray} packed
 * @returns {Numbers}
 */
function unpack(buffer, start, { dtype, offset, shape, lo, hi }) {
  const count = shape.reduce((product, side) => product * side, 1);
  const codes = new TYPES[dtype](buffer, start + offset, count);
  const values = lo === undefined || hi === undefined ? codes : dequantised(codes, lo, hi);
  return /** @type {Numbers} */ (Object.assign(values, { shape }));
}

/**
 * The highest code means "not a number": a diverged value is drawn nowhere, rather than at a wrong place.
 *
 * @param {ArrayLike<number> & { BYTES_PER_ELEMENT: number }} codes
 * @param {number} lo
 * @param {number} hi
 */
function dequantised(codes, lo, hi) {
  const missing = codes.BYTES_PER_ELEMENT === 1 ? 255 : 65535;
  const step = (hi - lo) / (missing - 1);
  return Float32Array.from(codes, (code) => (code === missing ? NaN : lo + code * step));
}
