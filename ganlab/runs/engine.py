"""Runs a Trainer: builds it, reads it, probes it, and restores its last good weights after an error.

Only the thread that trains touches it.
"""

from __future__ import annotations

import time

import torch

from ganlab.experiment import Experiment
from ganlab.experiment.sentence import Sentence
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.fork import PARTS
from ganlab.runs.trouble import Trouble, first_not_finite
from ganlab.training.build import build_trainer
from ganlab.training.captured.step import CapturedStep
from ganlab.training.checkpoint import restore_what_fits, state_of
from ganlab.training.device import claim
from ganlab.training.history import History
from ganlab.views import Probes


class Engine:
    """The networks of one run, from iteration 0.

    Attributes:
        step: trains one iteration.
        rate: steps per second, lately.
        settled_at: when the scalars were last read (`time.perf_counter`).
        seconds: spent on training.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.trainer = build_trainer(experiment)
        self.step = CapturedStep(self.trainer)
        self.history = History(self.trainer.scalars)
        self.probes = Probes(self.trainer, self.history)
        self.rate = self.seconds = 0.0
        self.start_clock()
        self._keep_weights()

    def claim(self) -> None:
        """Let torch compute as this run always does: see `device.claim`."""
        claim(self.trainer.threads, self.trainer.experiment.precision)

    def start_clock(self) -> None:
        """Measure the rate from now on."""
        self.settled_at, self._settled_iteration = time.perf_counter(), self.trainer.iteration

    def settle(self) -> None:
        """Read the scalars of the last steps, and keep the weights if all of both are finite.

        Raises:
            Trouble: one of them is not.
        """
        for rows in self.trainer.drain():
            at = first_not_finite(rows, self.history.scalars)
            self.history.append(rows if at is None else rows[: at + 1])
            if at is not None:
                raise Trouble.not_finite(len(self.history), self.history.scalars, rows[at])
        self._keep_weights()
        self.probes.note(self.seconds)
        elapsed = time.perf_counter() - self.settled_at
        steps = self.trainer.iteration - self._settled_iteration
        if steps and elapsed > 0:
            self.rate = 0.7 * self.rate + 0.3 * steps / elapsed if self.rate else steps / elapsed
        self.start_clock()

    def checkpoint(self) -> Checkpoint:
        """Returns the whole state as it is now, as plain data.

        Raises:
            Trouble: as `settle`.
        """
        self.settle()
        tensors, plain = state_of(self.trainer)
        logs = {name: log.rows() for name, log in self.probes.logs.items()}
        return Checkpoint(tensors, plain, self.history.rows().copy(), logs, self.seconds, self.probes.film.stills)

    def go_on_from(self, checkpoint: Checkpoint) -> dict[str, str]:
        """Take over the parts of another engine's state that fit. Returns why each other part is new.

        If neither network fits, this stays an engine at iteration 0.
        """
        fresh = restore_what_fits(self.trainer, checkpoint.tensors, checkpoint.plain)
        if self.trainer.iteration:
            self.history.append(checkpoint.history)
            for name, log in self.probes.logs.items():
                log.go_on_from(checkpoint.logs.get(name, ()))
            self.seconds = checkpoint.seconds
        if not {"generator", "sampler"} & fresh.keys():  # with another seed or other data, passes begin at 0
            self.probes.film.stills = checkpoint.film
        self.start_clock()
        self._keep_weights()
        return fresh

    def take_back(self, checkpoint: Checkpoint) -> bool:
        """Be as this engine's predecessor was when it was stored, by an older version perhaps.

        Returns whether all of it is as it was: on another kind of device the state of chance is not.

        Raises:
            Trouble: its networks are no longer built in this way.
        """
        fresh = self.go_on_from(checkpoint)
        if fresh.keys() == {"chance"}:
            return False
        if fresh:
            parts = ", ".join(PARTS.get(part, part) for part in fresh)
            raise Trouble(
                Sentence(
                    "This run was saved by another version of GanLab, in which some parts were built differently "
                    "({parts}).",
                    parts=parts,
                ),
                Sentence(
                    "The run is left unchanged: open it with the version that saved it, or reset it to train it "
                    "again from the start."
                ),
            )
        return True

    def salvage(self) -> int | None:
        """After an error: keep the scalars measured before it, and put the last good weights back.

        Returns the iteration that the weights are of, or None if the device no longer takes them.
        """
        iteration, kept = self._good
        try:
            for rows in self.trainer.drain():
                at = first_not_finite(rows, self.history.scalars)
                self.history.append(rows if at is None else rows[:at])
            with torch.no_grad():
                for live, good in zip(self._live_tensors(), kept, strict=True):
                    live.copy_(good)
        except RuntimeError:  # a device that failed once fails at everything after
            return None
        self.trainer.iteration = max(iteration, len(self.history))
        return iteration

    def _keep_weights(self) -> None:
        """The scalars of a step are measured before its update, so the weights after it are looked at as well."""
        if bool(self.trainer.g.theta.isfinite().all() & self.trainer.d.theta.isfinite().all()):
            self._good = (self.trainer.iteration, [_on_the_cpu(tensor) for tensor in self._live_tensors()])

    def _live_tensors(self) -> list[torch.Tensor]:
        networks = self.trainer.networks.values()
        return [tensor for network in networks for tensor in (*network.parameters(), *network.buffers())]


def _on_the_cpu(tensor: torch.Tensor) -> torch.Tensor:
    """Returns a copy that takes no room on a GPU, which many runs share."""
    return tensor.detach().to("cpu", copy=True)
