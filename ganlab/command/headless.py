"""Training without a page: a progress bar, and the results in a folder."""

from __future__ import annotations

import sys
import time
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import numpy as np

from ganlab.command.bar import Bar
from ganlab.command.grids import Grids
from ganlab.command.stopping import stopping
from ganlab.experiment import Experiment
from ganlab.runs.keeping.intervals import pause_after
from ganlab.runs.keeping.run_folder import RunFolder
from ganlab.runs.resume import build
from ganlab.runs.run import Run
from ganlab.runs.start import HAS_MOVED
from ganlab.runs.state import MOVED, Intervention, State
from ganlab.training.history import History

TURN_SECONDS = 0.05
SAVED_BEFORE = (
    "ganlab: The run was last saved at iteration {iteration:,}. It can go on from there with smaller learning rates: "
    "ganlab train --from {folder} --set lr_g=... --set lr_d=...\n"
)

Answer = TypeVar("Answer")
LOSSES_SHOWN = {"D": "loss_d", "G": "loss_g"}
VAE_LOSSES_SHOWN = {"reconstruction": "reconstruction", "KL": "kl"}


def train(experiment: Experiment, directory: Path, *, grids: bool = False) -> int:
    """Train the experiment from untrained networks. See `train_on` for the rest."""
    return train_on(Run(experiment), directory, grids=grids)


def train_on(run: Run, directory: Path, *, grids: bool = False) -> int:
    """Train to the run's last iteration, write what came of it into `directory`, and say where it is.

    With `grids`, a grid of 25 samples is written after each pass through the data, which must be images.
    The folder is written anew every few seconds, so that a process that is killed has lost no more. Ctrl-C and the
    signals that end a program (SIGTERM, SIGHUP) end the training after its iteration, and what was learnt so far is
    kept; so it is after a failure, with the last good weights.
    Returns 0, or 1 if training failed.

    Raises:
        ExperimentError: its data can't be had; there is no folder then.
        OSError: the folder can't be written to.
    """
    build(run)
    if run.interventions and run.interventions[-1] == Intervention(run.iteration, MOVED):
        sys.stderr.write(f"ganlab: {HAS_MOVED}\n")
    album = Grids(directory, _passes(run)) if grids else None
    run.play()
    with stopping(run.pause):
        directory.mkdir(parents=True, exist_ok=True)
        return _train(run, directory, album)


def _train(run: Run, directory: Path, album: Grids | None) -> int:
    bar, saves = Bar(run.experiment.max_steps, sys.stderr), Saves(run, directory)
    try:
        while run.state is State.RUNNING:
            run.obey()
            run.turn(0 if album else TURN_SECONDS)  # a step at a time, so as not to miss the end of a pass
            if album and not _has_failed(run):
                _answered(run, run.ask(album.write_if_due))
            saves.save_if_due()
            bar.show(run.iteration, run.rate, lambda: losses(run.history))
        run.obey()
    finally:  # whatever ended it
        bar.close()
        if run.state is State.PAUSED:
            sys.stderr.write(f"ganlab: Stopped at iteration {run.iteration:,}, as you asked.\n")
        elif run.message and run.state is not State.FINISHED:
            sys.stderr.write(f"ganlab: {run.message}\n")
        written = saves.folder.write(_answered(run, run.record()))
        if _has_failed(run) and saves.iteration:
            sys.stderr.write(SAVED_BEFORE.format(iteration=saves.iteration, folder=directory))
    sys.stdout.write("".join(f"{path}\n" for path in written))
    return int(run.state is State.FAILED)


class Saves:
    """Saves a run in its folder while it trains: at once, soon after, and then every few seconds.

    Attributes:
        iteration: of the run as it was saved last; 0 before that.
    """

    def __init__(self, run: Run, directory: Path) -> None:
        self.folder = RunFolder(directory)
        self.iteration = 0
        self._run = run
        self._first: float | None = None  # when it was saved first, and when it is next to be
        self._due = 0.0
        self._can_save = True

    def save_if_due(self) -> None:
        """Save the run, if it is time to and it is sound. Where the disk does not take it, say so once and go on."""
        if self._run.state is not State.RUNNING or (now := time.monotonic()) < self._due:
            return
        self._first = now if self._first is None else self._first
        self._due = now + pause_after(now - self._first)
        asked = self._run.record()
        self._run.obey()
        if asked.cancelled() or asked.exception(timeout=0) is not None:
            return  # it has failed meanwhile
        record = asked.result()
        if record.checkpoint is None or not record.checkpoint.is_sound:
            return  # it is about to fail: what was saved before is better
        try:
            self.folder.write(record)
        except OSError as error:
            if self._can_save:
                sys.stderr.write(
                    f"ganlab: The run can't be saved now ({error}). Training goes on, and GanLab tries "
                    "to save it again.\n"
                )
            self._can_save = False
        else:
            self.iteration, self._can_save = record.iteration, True


def _passes(run: Run) -> int:
    """Returns how often the run has gone through its data."""
    return _answered(run, run.ask(lambda trainer: int(trainer.sampler.passes or 0)))


def _has_failed(run: Run) -> bool:
    return run.state is State.FAILED


def _answered(run: Run, answer: Future[Answer]) -> Answer:
    run.obey()
    return answer.result(timeout=0)


def _lately(history: History, name: str) -> float | None:
    """The mean of the last values that were measured; None where there are none yet."""
    column = history.column(name, last=50)
    measured = column[np.isfinite(column)]
    return float(measured.mean()) if len(measured) else None


def losses(history: History) -> str:
    """The losses lately, of those that were measured."""
    shown = LOSSES_SHOWN if "loss_d" in history.scalars else VAE_LOSSES_SHOWN
    means = {label: _lately(history, name) for label, name in shown.items()}
    return "  ".join(f"{label} {mean:.3f}" for label, mean in means.items() if mean is not None)
