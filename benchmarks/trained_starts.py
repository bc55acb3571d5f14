"""`python -m benchmarks.trained_starts NAME ...`: makes the trained starts that come with GanLab.

Each is a run of a preset as it is, trained here for the iterations below, without a page. Where its state is too large
for a file, the run itself is made smaller at its end: its numbers are rounded, or its optimisers begin anew, and the
page says so. Then its checkpoint is written, read again, and both go on: if they differ in a bit after a few more
iterations, or if the file is too large, it is thrown away. Without a name, all that are missing or of another preset's
settings are made. `--pictures FOLDER` puts a picture of each there.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks.gallery import picture
from ganlab.presets import PRESETS
from ganlab.runs import Run, State
from ganlab.runs.record import RunRecord
from ganlab.runs.trained.starts import FOLDER, INDEX, MOST_BYTES, file_name, read, read_index, write
from ganlab.runs.trainee import Rest
from ganlab.training.checkpoint import NETWORKS, restore, state_of
from ganlab.training.trainer import Trainer

TURN = 1.0  # seconds of training at once
COMPARED = 20  # iterations that both go on for
OPTIMIZERS = ("optimizer_g", "optimizer_d")
LEFT_OUT = "its moments were left out"
AVERAGED = "it goes on as the average of its weights"


@dataclass(frozen=True)
class Start:
    """How a trained start is made.

    Attributes:
        iterations: of training.
        bits: significant ones that each weight and each moment of an optimiser keeps at the end; None for all.
        moments: whether the optimisers keep theirs; otherwise they begin anew.
        averaged: whether G becomes its own average, so that the same numbers need no room twice.
    """

    iterations: int
    bits: int | None = None
    moments: bool = True
    averaged: bool = False

    def smaller(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The run's state at its end, in less room. Counts, chance and the place in the data stay as they are."""
        kept = {name: value for name, value in tensors.items() if self.moments or _part(name) not in OPTIMIZERS}
        if self.averaged:
            kept |= {name.replace("ema.", "generator.", 1): v for name, v in kept.items() if _part(name) == "ema"}
        if self.bits is None:
            return kept
        rounds = {name for name, value in kept.items() if _part(name) in (*NETWORKS, *OPTIMIZERS) and value.dim()}
        return {name: rounded(value, self.bits) if name in rounds else value for name, value in kept.items()}

    @property
    def notes(self) -> dict[str, Any]:
        """What its checkpoint says of that: see `Origin.of_shipped`."""
        fresh = {"generator": AVERAGED} if self.averaged else {}
        return {"bits": self.bits, "fresh": fresh | ({} if self.moments else dict.fromkeys(OPTIMIZERS, LEFT_OUT))}


STARTS: Mapping[str, Start] = {
    "mnist-dcgan": Start(10_000),
    "mnist-conditional": Start(10_000),
    "digits-dcgan": Start(4_000, bits=8),
    "digits-conditional": Start(4_000, bits=8),
    "digits-acgan": Start(3_000, bits=8),
    "digits-infogan": Start(5_000, bits=8, moments=False),
    "shapes-dcgan-r1": Start(4_000, bits=8, moments=False, averaged=True),
    "published-dcgan-original": Start(2_000, bits=8, moments=False),
    "walk-4-dcgan": Start(3_000, bits=8, moments=False),
    "digits-vae": Start(8_000, bits=8, moments=False),
    "digits-began": Start(8_000),
    "grid": Start(10_000, bits=7),
    "grid-settled": Start(50_000, bits=8),  # its learning rates reach 0 at 60,000
}


def made(name: str, start: Start, folder: Path) -> Run:
    """Train a preset, write its checkpoint into the folder, and note it in the index.

    Raises:
        ValueError: the file is too large, or does not go on to the same bits.
    """
    run, began = Run(PRESETS[name].experiment), time.process_time()
    train(run, start.iterations)
    return shipped(run, name, start, folder, time.process_time() - began)


def shipped(run: Run, name: str, start: Start, folder: Path, seconds: float) -> Run:
    """Write the checkpoint of a preset's run that has been trained for so many CPU seconds. Raises as `made`."""
    path = folder / file_name(name)
    write(at_the_end(run, start, seconds), path)
    opened = Run.trained(read(path))
    for each in (run, opened):
        train(each, start.iterations + COMPARED)
    if size := max(0, path.stat().st_size - MOST_BYTES):
        path.unlink()
        raise ValueError(f"{path.name} is {size:,} bytes too large.")
    if not same_bits(run, opened):
        path.unlink()
        raise ValueError(f"{path.name} does not go on to the same bits.")
    index = read_index(folder) | {
        name: {
            "settings": PRESETS[name].experiment.differences(),
            "iterations": start.iterations,
            "seconds": round(seconds, 1),
            **start.notes,
        }
    }
    (folder / INDEX).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
    print(f"{name}: {start.iterations:,} iterations, {seconds:.0f} CPU s, {path.stat().st_size:,} bytes", flush=True)
    return run


def at_the_end(run: Run, start: Start, seconds: float) -> RunRecord:
    """The run once it has been made smaller, which is what it goes on from itself."""

    def make_smaller(trainer: Trainer) -> None:
        tensors, plain = state_of(trainer)
        restore(trainer, start.smaller(tensors), plain)

    run.ask(make_smaller)
    asked = run.record()
    run.obey()
    record = with_cpu_time(asked.result(timeout=0), seconds)
    assert record.checkpoint is not None
    noted = {**record.checkpoint.plain, "came": start.notes}
    return replace(record, checkpoint=replace(record.checkpoint, plain=noted))


def rounded(x: Tensor, bits: int) -> Tensor:
    """Floats to so many significant bits, to the nearest; whole numbers as they are."""
    if not x.is_floating_point():
        return x
    significand, exponent = torch.frexp(x)  # from 0.5 to 1, and a power of 2
    return torch.ldexp((significand * 2**bits).round(), exponent - bits)


def _part(name: str) -> str:
    return name.partition(".")[0]


def with_cpu_time(record: RunRecord, seconds: float) -> RunRecord:
    """The run as if nothing else had kept the machine busy: its training took so many seconds, at one pace."""
    checkpoint = record.checkpoint
    assert checkpoint is not None
    clock = ((0.0, 0.0), (float(checkpoint.iteration), seconds))
    logs = {**checkpoint.logs, "clock": clock}
    return replace(record, checkpoint=replace(checkpoint, seconds=seconds, logs=logs))


def train(run: Run, iterations: int) -> None:
    """Train until the run has done so many iterations."""
    run.play(Rest(iterations, ""))
    while run.state is State.RUNNING:
        run.obey()
        run.turn(TURN)


def same_bits(one: Run, other: Run) -> bool:
    """Whether every tensor and number that the next step depends on is the same."""
    (tensors, plain), (others, other_plain) = (_state(run) for run in (one, other))
    return (
        plain == other_plain
        and tensors.keys() == others.keys()
        and all(torch.equal(value, others[key]) for key, value in tensors.items())
    )


def _state(run: Run) -> tuple[dict[str, torch.Tensor], dict[str, object]]:
    asked = run.ask(state_of)
    run.obey()
    return asked.result(timeout=0)


def main() -> None:
    """Make those that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*STARTS, []])
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of what each makes")
    options = parser.parse_args()
    known = read_index(FOLDER)
    outdated = [
        name
        for name, start in STARTS.items()
        if known.get(name, {}).get("settings") != PRESETS[name].experiment.differences()
        or known[name]["iterations"] != start.iterations
    ]
    for name in options.names or outdated:
        run = made(name, STARTS[name], FOLDER)
        if options.pictures is not None:
            options.pictures.mkdir(parents=True, exist_ok=True)
            asked = run.ask(picture)
            run.obey()
            asked.result(timeout=0).save(options.pictures / f"{name}.png")


if __name__ == "__main__":
    main()
