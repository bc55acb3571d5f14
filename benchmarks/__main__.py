"""`python -m benchmarks [NAME]`: every figure, those of one family (live), or one (train.ring_mlp.vs_tutorial)."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import traceback

import torch

from benchmarks.browser import named
from benchmarks.registry import chosen
from benchmarks.report import Pace, say


def main() -> int:
    """Print what is measured with, then each figure as soon as it is measured; 1 if some could not be.

    What is measured at present is said on standard error.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Prints one JSON object a line.")
    parser.add_argument("name", nargs="?", default="", help="a family or a figure; all of them if left out")
    parser.add_argument("--quick", action="store_true", help="see that they work; the figures mean nothing")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers and browsers are closed, too
    measures = chosen(options.name)
    if not measures:
        parser.error(f'there is no figure or family called "{options.name}"')
    print(json.dumps({"browser": named(), "cores": os.cpu_count(), "torch": torch.__version__}), flush=True)
    failed = 0
    for number, (measure, names) in enumerate(measures.items(), 1):
        say(f"{number} of {len(measures)}: {', '.join(names)}")
        try:
            for figure in measure(Pace(options.quick)):
                print(figure.line(), flush=True)
        except Exception:  # the other figures are still worth having
            traceback.print_exc()
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
