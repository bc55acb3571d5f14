// How large a mosaic is drawn, and what a frame's strips are made of.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fitMosaic, GAP, mosaicSize, stripOf } from "../../ganlab/browser/drawing/mosaic.js";

const DIGITS = { rows: 4, columns: 8, height: 16, width: 16 };

for (const ratio of [1, 1.5, 2]) {
  test(`on a screen of ${ratio} device pixels a CSS pixel, a mosaic fills its box with images alike`, () => {
    const box = { width: 500, height: 300 };
    const scale = fitMosaic(DIGITS, box, ratio);
    const { width, height } = mosaicSize(DIGITS, scale);
    assert.ok(width <= box.width && height <= box.height);
    assert.ok(width > 0.9 * box.width || height > 0.9 * box.height, `${width} x ${height}`);
    assert.ok(Number.isInteger(DIGITS.width * scale * ratio), "an image is a whole number of device pixels");
  });
}

test("where it costs little size, each pixel of an image is a whole number of device pixels", () => {
  assert.equal(fitMosaic(DIGITS, { width: 8 * 16 * 3.2, height: 1000 }, 1), 3);
  assert.equal(fitMosaic(DIGITS, { width: 8 * 16 * 3.7, height: 1000 }, 2), 3.5);
});

test("the size of a mosaic has gaps between images and none around them", () => {
  assert.deepEqual(mosaicSize(DIGITS, 2), { width: 8 * 32 + 7 * GAP, height: 4 * 32 + 3 * GAP });
});

test("a strip is found under its own names, and is missing where nothing was sent", () => {
  const pixels = Object.assign(new Uint8Array(3 * 4), { shape: [3, 2, 2, 1] });
  const view = { height: 2, width: 2, channels: 1, real_pixels: pixels };
  const strip = { rows: 1, columns: 3, height: 2, width: 2, channels: 1, pixels, jpeg: undefined };
  assert.deepEqual(stripOf(view, "real"), strip);
  assert.equal(stripOf(view, "reconstructed"), null);
});
