"""Training without a page: a progress bar, and the results in a folder."""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from typing import TextIO

import numpy as np
import torch

from ganlab.experiment import Experiment
from ganlab.training.checkpoint import save
from ganlab.training.history import SCALARS, History
from ganlab.training.trainer import Trainer

BETWEEN_READINGS = 50  # iterations; reading the losses waits for the device


def run(experiment: Experiment, steps: int, directory: Path) -> int:
    """Train, write what came of it into `directory`, say where it is; 0, or 1 if training failed.

    Ctrl-C ends the training early and keeps what was learnt so far.
    """
    trainer, history = Trainer(experiment), History()
    torch.set_num_threads(trainer.threads)
    bar = Bar(steps, sys.stderr)
    ending = ""
    try:
        while trainer.iteration < steps and not ending:
            for _ in range(min(BETWEEN_READINGS, steps - trainer.iteration)):
                trainer.step()
            for rows in trainer.drain():
                history.append(rows)
            bar.show(trainer.iteration, history)
            ending = _failure(history)
    except KeyboardInterrupt:
        for rows in trainer.drain():
            history.append(rows)
        ending = _failure(history) or f"Stopped at iteration {trainer.iteration:,}, as you asked."
    bar.close()

    written = [_write_experiment(experiment, directory), _write_history(history, directory)]
    failed = bool(_failure(history))
    if not failed:
        written.append(save(trainer, directory / "checkpoint.safetensors"))
    if ending:
        sys.stderr.write(f"ganlab: {ending}\n")
    sys.stdout.write("".join(f"{path}\n" for path in written))
    return int(failed)


def _failure(history: History) -> str:
    """What to say if the losses are no longer numbers; "" while they are."""
    bad = ~np.isfinite(history.rows()).all(axis=1)
    if not bad.any():
        return ""
    return (
        f"Training diverged: a loss was not a finite number at iteration {int(bad.argmax()) + 1:,}. "
        "Try smaller learning rates (lr_g, lr_d) or a gradient penalty (r1_weight)."
    )


def _write_experiment(experiment: Experiment, directory: Path) -> Path:
    path = directory / "experiment.json"
    path.write_text(experiment.to_json(), encoding="utf-8")
    return path


def _write_history(history: History, directory: Path) -> Path:
    path = directory / "history.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("iteration", *SCALARS))
        for iteration, row in enumerate(history.rows(), start=1):
            writer.writerow((iteration, *(f"{value:.6g}" for value in row)))
    return path


class Bar:
    """A line that is redrawn on a terminal; elsewhere (a log file) a new line every tenth of the way."""

    def __init__(self, steps: int, file: TextIO) -> None:
        self._steps = steps
        self._file = file
        self._redraws = file.isatty()
        self._begun = time.monotonic()
        self._shown = 0  # tenths, or seconds, at which the line was last drawn

    def show(self, done: int, history: History) -> None:
        """Draw the line, if it is time to."""
        elapsed = time.monotonic() - self._begun
        moment = int(elapsed * 5) if self._redraws else 10 * done // self._steps
        if moment == self._shown and done < self._steps:
            return
        self._shown = moment
        rate = done / max(elapsed, 1e-9)
        loss_d, loss_g = (history.column(name, last=BETWEEN_READINGS).mean() for name in ("loss_d", "loss_g"))
        filled = 24 * done // self._steps
        line = (
            f"{'█' * filled}{'░' * (24 - filled)} {done:,}/{self._steps:,}  {rate:.0f} steps/s  "
            f"D {loss_d:.3f}  G {loss_g:.3f}  {(self._steps - done) / rate:.0f} s left"
        )
        self._file.write(f"\r\x1b[K{line}" if self._redraws else line + "\n")
        self._file.flush()

    def close(self) -> None:
        """End the line."""
        if self._redraws:
            self._file.write("\n")
