"""Training whose iterations are repeated as recorded operations, where that gives the same bits."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ganlab.training.captured.cuda_program import CudaProgram
from ganlab.training.captured.prepared import PreparedBatches
from ganlab.training.captured.program import Outside, Program
from ganlab.training.captured.recording import Recording
from ganlab.training.captured.repeatable import Repeatable
from ganlab.training.trainer import Measurements

SETTLED = 50  # iterations with the same settings before one is recorded
EAGER = "GANLAB_EAGER"  # the environment variable that keeps iterations from being repeated: 1 or nothing


class CapturedStep:
    """Trains one iteration when called: as its trainer's `step` does, to the same bits, but quicker where it can.

    After some iterations with the same settings two are recorded. Are they the same operations on the same tensors,
    then a third is trained both ways from one state; do all bits agree, then iterations are repeated from there on.
    As soon as what the trainer's `settings_now` names changes, it begins anew. Where an iteration can't be repeated,
    training goes on as it is.

    Attributes:
        obstacle: why iterations with these settings can't be repeated; empty where they can or nobody knows yet.
    """

    def __init__(self, trainer: Repeatable) -> None:
        self.obstacle = ""
        self._trainer = trainer
        self._may_repeat = os.environ.get(EAGER) != "1"
        self._begin(())

    @property
    def repeats(self) -> bool:
        """Whether iterations are repeated now."""
        return self._repeat is not None

    def __call__(self) -> None:
        trainer = self._trainer
        trainer.follow_schedules()
        if (settings := trainer.settings_now()) != self._settings:
            self._begin(settings)
        self._since += 1
        if self._repeat is not None:
            self._batches.prepare()
            trainer.conclude(self._repeat())
        elif self._may_repeat and self._since > SETTLED and not self.obstacle:
            trainer.conclude(self._watched())
        else:
            trainer.step()

    def _begin(self, settings: tuple[Any, ...]) -> None:
        """Know nothing yet of iterations with these settings."""
        self._settings, self._since, self.obstacle = settings, 0, ""
        self._recorded: Program | None = None
        self._repeat: Callable[[], Measurements] | None = None

    def _watched(self) -> Measurements:
        """One of the iterations that show whether more can be repeated."""
        match self._since - SETTLED:
            case 1:
                self._batches = PreparedBatches(self._trainer.sampler, self._trainer.device)
                return self._iterate()
            case 2:
                measured, self._recorded = self._record()
            case 3:
                measured, again = self._record()
                if again is not None and self._recorded is not None and not again.repeats(self._recorded):
                    self.obstacle = "one iteration does other things than the next"
                self._recorded = again
            case _:
                assert self._recorded is not None
                measured = self._compare(self._recorded)
        return measured

    def _iterate(self) -> Measurements:
        """One iteration, on prepared batches."""
        trainer = self._trainer
        sampler, trainer.sampler = trainer.sampler, self._batches
        try:
            return trainer.iterate()
        finally:
            trainer.sampler = sampler

    def _record(self) -> tuple[Measurements, Program | None]:
        self._batches.prepare()
        with Recording() as recording:
            measured = self._iterate()
        self.obstacle = recording.obstacle
        return measured, None if self.obstacle else Program(recording, measured)

    @torch.no_grad()
    def _compare(self, program: Program) -> Measurements:
        """Carry out one iteration both ways; if all bits agree, it is repeated from now on."""
        self._batches.prepare()
        before = state_of(program.outside)
        with torch.enable_grad():
            measured = self._iterate()
        after = state_of(program.outside)
        if (repeat := self._quickest(program, before)) is not None:
            put_back(program.outside, before)
            repeated = repeat()
            if _same_bits([*after, *measured.values()], [*state_of(program.outside), *repeated.values()]):
                self._repeat = repeat
                return measured
            self.obstacle = "repeated, it gives other numbers"
        put_back(program.outside, after)
        return measured

    def _quickest(self, program: Program, before: Sequence[Tensor]) -> Callable[[], Measurements] | None:
        """The program, or on CUDA a graph of it, which is captured in this state."""
        if self._trainer.device.type != "cuda":
            return program
        if any(thing.device.type != "cuda" for thing in program.outside):
            self.obstacle = "some of it is computed on the CPU"
            return None
        put_back(program.outside, before)
        try:
            return CudaProgram(program)
        except RuntimeError as error:
            self.obstacle = f"CUDA can't capture it: {error}"
            return None


def state_of(things: Sequence[Outside]) -> list[Tensor]:
    """Copies of tensors, and the states of sources of chance."""
    return [thing.get_state() if isinstance(thing, torch.Generator) else thing.clone() for thing in things]


def put_back(things: Sequence[Outside], state: Sequence[Tensor]) -> None:
    """Let tensors and sources of chance be as they were; those that are so already are not touched."""
    for thing, value in zip(things, state, strict=True):
        if isinstance(thing, torch.Generator):
            thing.set_state(value)
        elif not torch.equal(thing, value):
            thing.copy_(value)


def _same_bits(some: Sequence[Tensor], others: Sequence[Tensor]) -> bool:
    """Whether all are the same to the bit. NaN is like itself: a wall goes on if one of its members breaks."""
    return all(torch.equal(_bits(one), _bits(other)) for one, other in zip(some, others, strict=True))


def _bits(x: Tensor) -> Tensor:
    return x.detach().flatten().view(torch.uint8)
