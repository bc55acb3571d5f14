"""A sweep being trained: many experiments at once, commanded and shown as one."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from ganlab.experiment.sentence import Sentence
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.state import State
from ganlab.runs.sweeps.plan import Plan
from ganlab.runs.sweeps.wall import SweepEngine
from ganlab.runs.training_job import TrainingJob
from ganlab.runs.trouble import describe
from ganlab.training.batched import members_of

SETTLE_SECONDS = 0.4  # the wall is shown, and its members looked after, at most this often


class Sweep(TrainingJob):
    """The members of a Plan, trained side by side.

    Attributes:
        part, parts: which of how many parts of the plan it trains; the others are trained elsewhere.
        broken: why each member that broke did, by its number; the others go on.

    Raises:
        ExperimentError: there is no such device here.
    """

    settle_seconds = SETTLE_SECONDS

    def __init__(self, plan: Plan, audience: Audience | None = None, part: int = 0, parts: int = 1) -> None:
        super().__init__(plan.base.device, audience)
        self.plan, self.part, self.parts = plan, part, parts
        self.broken: dict[int, str] = {}
        self._wall: SweepEngine | None = None

    @property
    def iteration(self) -> int:
        """Iterations that every member has done."""
        return 0 if self._wall is None else self._wall.iteration

    def has(self, member: int) -> bool:
        """Whether it trains this member."""
        return member in members_of(self.plan.experiments, self.part, self.parts)

    def checkpoint(self, member: int) -> Future[Checkpoint]:
        """This member as it is between two steps; cancelled if the wall is closed first."""
        checkpoint: Future[Checkpoint] = Future()

        def copy() -> None:
            if checkpoint.set_running_or_notify_cancel():
                checkpoint.set_result(self._built().checkpoint(member))

        self._command(copy, checkpoint)
        return checkpoint

    def _snapshot(self, views: frozenset[str]) -> dict[str, Any]:
        if self._wall is not None or self.state is not State.FAILED:  # else it could not even be built
            self._settle()
        return self._facts({} if self._wall is None else {"wall": self._wall.view()})

    def _facts(self, views: dict[str, Any]) -> dict[str, Any]:
        """What is watched, with all that every viewer needs to know."""
        wall = self._wall
        return {
            "build": self.build,
            "iteration": self.iteration,
            "state": str(self.state),
            "message": self.message,
            "rate": wall.rate if wall is not None and self.state is State.RUNNING else 0.0,
            "broken": {str(member): sentence for member, sentence in self.broken.items()},
            "views": views,
        }

    def _settle(self) -> None:
        """Check the members. One that broke is not trained any more."""
        wall = self._built()
        for member in wall.settle():
            self.broken.setdefault(
                member,
                f"Stopped by iteration {wall.iteration:,}: its numbers became infinite or NaN. Try smaller learning "
                "rates or penalties.",
            )
        self._rest_if_all_broke()

    def _rest_if_all_broke(self) -> None:
        if len(self.broken) == len(self.plan.experiments) and self.state is State.RUNNING:
            self.pause(
                Sentence(
                    "Every member has stopped, because its numbers became infinite or NaN. Try smaller learning rates."
                )
            )

    def _built(self) -> SweepEngine:
        if self._wall is None:
            self._wall = SweepEngine(self.plan.experiments, self.part, self.parts)
        return self._wall

    @property
    def _max_steps(self) -> int:
        return self.plan.base.max_steps

    @property
    def _settled_at(self) -> float:
        return self._built().settled_at

    def _make_ready(self) -> None:
        self._built()  # its families claim their threads in turn

    def _step(self) -> None:
        self._built().step()

    def _after_move(self) -> None:
        self._built().start_clock()
        self._stale = True

    def _describe(self, error: Exception) -> str:
        return describe(error, self.iteration, None, self.plan.base)
