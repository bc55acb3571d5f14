"""Writes an export in its own process.

Torch replaces parts of itself while it traces a network. Training on another thread of the same
process would then give other bits, and wait for the interpreter's lock.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import ganlab
from ganlab.export.files import CannotExport
from ganlab.export.generator import load_generator
from ganlab.export.trained_run import TrainedRun, without_history
from ganlab.export.weights import write_weights

PATIENCE = 600.0  # seconds
KINDNESS = 10  # of the process towards training and pages
Write = Callable[[TrainedRun, Path], str]


def in_own_process(write: Write) -> Write:
    """Returns a function that calls `write` in its own process. `write` must be importable and need no history."""

    def written(run: TrainedRun, folder: Path) -> str:
        with tempfile.TemporaryDirectory() as luggage:
            write_weights(run, Path(luggage))
            said = {"iteration": run.iteration, "labels": run.labels}
            order = json.dumps({"module": write.__module__, "function": write.__name__, "folder": str(folder), **said})
            answer = _run(order, luggage)
        if "refused" in answer:
            raise CannotExport(answer["refused"])
        return answer["check"]

    return written


def _run(order: str, luggage: str) -> dict[str, str]:
    home = str(Path(ganlab.__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))}
    command = [sys.executable, "-m", "ganlab.export.own_process", order, luggage]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment, check=True)
        answer: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        raise CannotExport(
            f"The export was stopped after {PATIENCE / 60:.0f} minutes: try a smaller network."
        ) from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or [f"exit status {error.returncode}"])[-1]
        raise CannotExport(f"The process that writes this export ended too early: {last}") from None
    return answer


def main(order: str, luggage: str) -> None:
    """Load the weights, write the export, and print the result as JSON."""
    import importlib

    import torch

    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    torch.set_num_threads(1)
    asked = json.loads(order)
    generator = load_generator(luggage)
    run = without_history(generator, asked["iteration"], tuple(asked["labels"]))
    write: Write = getattr(importlib.import_module(asked["module"]), asked["function"])
    try:
        answer = {"check": write(run, Path(asked["folder"]))}
    except CannotExport as error:
        answer = {"refused": str(error)}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
