// @ts-check
// A thing in space as it is seen from far away, turned and tilted. The data's plane lies flat, scores point up.

/** @typedef {[number, number, number]} Place x, y and height */
/** @typedef {{ around: number, tilt: number }} Turn in radians; a tilt of a right angle looks straight down */

const LOWEST = 0.15;

/**
 * Where a place is seen: to the right, up, and how far away, all in the unit of the place.
 *
 * @param {Place} place
 * @param {Turn} turn
 * @returns {[number, number, number]}
 */
export function seen([x, y, z], { around, tilt }) {
  const right = Math.cos(around) * x - Math.sin(around) * y;
  const away = Math.sin(around) * x + Math.cos(around) * y;
  return [right, Math.sin(tilt) * away + Math.cos(tilt) * z, Math.cos(tilt) * away - Math.sin(tilt) * z];
}

/**
 * Turned on by so much; it is never seen from below.
 *
 * @param {Turn} turn
 * @param {number} around
 * @param {number} tilt
 * @returns {Turn}
 */
export const turnedOn = (turn, around, tilt) => ({
  around: (turn.around + around) % (2 * Math.PI),
  tilt: Math.max(LOWEST, Math.min(Math.PI / 2, turn.tilt + tilt)),
});
