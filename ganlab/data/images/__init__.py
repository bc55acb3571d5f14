"""Data sets of images that need no network: real handwritten digits, and shapes that we draw ourselves."""
