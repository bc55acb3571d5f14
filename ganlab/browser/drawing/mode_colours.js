// @ts-check
// A colour for each mode by its place in the plane: the direction gives the hue, the distance the lightness.

/** @import { Theme } from "../base/types.js" */

/**
 * @param {ArrayLike<number>} centres (modes, 2)
 * @param {Theme} theme
 */
export function modeColours(centres, theme) {
  const [low, high] = theme.dark ? [45, 75] : [28, 62];
  const radii = Array.from({ length: centres.length / 2 }, (_, i) => Math.hypot(centres[2 * i], centres[2 * i + 1]));
  const [nearest, farthest] = [Math.min(...radii), Math.max(...radii)];
  return radii.map((radius, i) => {
    const hue = (Math.atan2(centres[2 * i + 1], centres[2 * i]) * 180) / Math.PI;
    const out = farthest - nearest > 1e-3 * farthest ? (radius - nearest) / (farthest - nearest) : 0.5;
    return `hsl(${(hue + 380) % 360} ${radius < 1e-6 ? 0 : 68}% ${high - out * (high - low)}%)`;
  });
}
