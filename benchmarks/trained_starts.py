"""`python -m benchmarks.trained_starts NAME ...`: makes the trained starts that come with GanLab.

Each is a run of a preset as it is, trained here for the iterations below, without a page. Its checkpoint is written,
read again, and both go on: if they differ in a bit after a few more iterations, or if the file is too large, it is
thrown away. Without a name, all that are missing or of another preset's settings are made.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch

from ganlab.presets import PRESETS
from ganlab.runs import Run, State
from ganlab.runs.record import RunRecord
from ganlab.runs.trained.starts import FOLDER, INDEX, MOST_BYTES, file_name, read, read_index, write
from ganlab.runs.trainee import Rest
from ganlab.training.checkpoint import state_of

ITERATIONS: Mapping[str, int] = {"mnist-dcgan": 10_000, "mnist-conditional": 10_000}
TURN = 1.0  # seconds of training at once
COMPARED = 20  # iterations that both go on for


def made(name: str, iterations: int, folder: Path) -> None:
    """Train a preset, write its checkpoint into the folder, and note it in the index.

    Raises:
        ValueError: the file is too large, or does not go on to the same bits.
    """
    experiment = PRESETS[name].experiment
    run, started = Run(experiment), time.process_time()
    train(run, iterations)
    seconds = time.process_time() - started
    asked = run.record()
    run.obey()
    path = folder / file_name(name)
    write(with_cpu_time(asked.result(timeout=0), seconds), path)
    opened = Run.trained(read(path))
    for each in (run, opened):
        train(each, iterations + COMPARED)
    if size := max(0, path.stat().st_size - MOST_BYTES):
        path.unlink()
        raise ValueError(f"{path.name} is {size:,} bytes too large.")
    if not same_bits(run, opened):
        path.unlink()
        raise ValueError(f"{path.name} does not go on to the same bits.")
    index = read_index(folder) | {
        name: {"settings": experiment.differences(), "iterations": iterations, "seconds": round(seconds, 1)}
    }
    (folder / INDEX).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")
    print(f"{name}: {iterations:,} iterations, {seconds:.0f} CPU s, {path.stat().st_size:,} bytes", flush=True)


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
    parser.add_argument("names", nargs="*", choices=[*ITERATIONS, []])
    known = read_index(FOLDER)
    outdated = [
        name
        for name in ITERATIONS
        if known.get(name, {}).get("settings") != PRESETS[name].experiment.differences()
        or known[name]["iterations"] != ITERATIONS[name]
    ]
    for name in parser.parse_args().names or outdated:
        made(name, ITERATIONS[name], FOLDER)


if __name__ == "__main__":
    main()
