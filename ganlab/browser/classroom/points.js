// @ts-check
// Points as the class's wall has them: pairs of bytes as text, counted from the left and from the bottom.

const MISSING = 255;
const ACROSS = 90; // points side by side

/**
 * Fills the canvas, in its own colour.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} points
 */
export function drawPoints(canvas, points) {
  const ctx = canvas.getContext("2d");
  if (!ctx) return;
  const { width: side } = canvas;
  const bytes = Uint8Array.from(atob(points), (letter) => letter.charCodeAt(0));
  const size = Math.max(2, side / ACROSS);
  ctx.clearRect(0, 0, side, side);
  ctx.fillStyle = getComputedStyle(canvas).color;
  for (let at = 0; at < bytes.length; at += 2) {
    if (bytes[at] === MISSING || bytes[at + 1] === MISSING) continue;
    const [x, y] = [(bytes[at] / 254) * side, (1 - bytes[at + 1] / 254) * side];
    ctx.beginPath();
    ctx.ellipse(x, y, size / 1.7, size / 1.7, 0, 0, 7);
    ctx.fill();
  }
}
