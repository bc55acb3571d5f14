"""Fair turns on the one thread that trains."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from ganlab.experiment.sentence import Sentence
from ganlab.runs.audience import Audience
from ganlab.runs.gate import OPEN
from ganlab.runs.policy import NoPolicy, Policy
from ganlab.runs.shares import Shares, in_order_of_claim
from ganlab.runs.state import State
from ganlab.runs.training_job import TrainingJob

TURN_SECONDS = 0.01  # a run trains this long before the next one may (one step at least)
MOST_AT_ONCE = 0.2  # seconds of turns in a row: for so long a press of a button waits at most
SMALLER = "Choose a smaller batch, fewer channels or units, or smaller images."
SLOW = "Paused: an iteration took {seconds:.0f} seconds, and other runs are waiting. " + SMALLER
ABANDONED = (
    "Paused, because nobody has watched for {seconds:.0f} seconds: every tab that showed this run was closed. "
    "Press Train to go on. A tab that stays open, hidden or not, keeps it training."
)
PRESENCE_SECONDS = 1.0  # between two looks at whether somebody still has an unwatched run open
FULL = "As many runs are training as can train at once: {count}. When one of them is paused, press Train again."
SEAT_FULL = (
    "As many of your runs are training as each seat in this class may train at once: {count}. Pause one of them, then "
    "press Train again."
)


class Turns:
    """Fair means: the seat that has had the least of the thread's time goes next, and of its runs the one that has.

    Without a class all runs share as the runs of one seat do. See `ganlab.runs.shares`.

    Attributes:
        gate: which runs get turns at all.
    """

    def __init__(
        self,
        audience: Audience,
        abandoned_seconds: float,
        longest_step: float = math.inf,
        policy: Policy | None = None,
        most: Callable[[], int | None] = lambda: None,
    ) -> None:
        """A running run whose tabs have been closed for `abandoned_seconds` is paused; so is one whose iteration takes
        longer than `longest_step` seconds while others wait, one too many of its seat by the policy, and one of more
        than `most`."""
        self._audience, self._abandoned_seconds = audience, abandoned_seconds
        self._policy = policy or NoPolicy()
        self._longest_step, self._most = longest_step, most
        self.gate = OPEN
        self._shares = Shares()

    def give(self, runs: Iterable[TrainingJob], at_least: float = 0.0) -> bool:
        """Give a turn to one of the runs that train here, and further ones until so many seconds have passed.

        A run that was told something meanwhile gets no further one before it has heard it. Returns whether there was
        a turn.
        """
        until = time.perf_counter() + min(at_least, MOST_AT_ONCE)
        jobs = tuple(runs)
        awake = [run for run in self._awake(jobs) if not run.is_elsewhere]
        for run in awake:
            run.held = not self.gate.lets(run.id)
        running = [run for run in awake if not (run.held or run.waits)]
        gave = bool(running)
        while running:
            self._shares.charge([job for job in jobs if not job.is_elsewhere])
            chosen = self._shares.next(running, self._audience.watched)
            chosen.turn(TURN_SECONDS)
            if len(running) > 1 and chosen.step_seconds > self._longest_step:
                chosen.pause(Sentence(SLOW, seconds=chosen.step_seconds))
            if time.perf_counter() >= until:
                break
            running = [run for run in running if run.state is State.RUNNING and not (run.commanded or run.waits)]
        return gave

    def _awake(self, runs: Iterable[TrainingJob]) -> Iterator[TrainingJob]:
        """The runs to train: not those that nobody has watched for long, which are paused, nor too many."""
        running = in_order_of_claim(self._within_limits(run for run in runs if run.state is State.RUNNING))
        if (most := self._most()) is not None:
            for run in running[most:]:
                run.pause(Sentence(FULL, count=most))
        for run in running[:most]:
            if self._is_abandoned(run):
                run.pause(Sentence(ABANDONED, seconds=self._abandoned_seconds))
            else:
                yield run

    def _within_limits(self, running: Iterable[TrainingJob]) -> Iterator[TrainingJob]:
        """Of each seat as many as it may train, those that began first; the others are paused."""
        so_far: Counter[int | None] = Counter()
        for run in sorted(running, key=lambda run: run.played_at):
            so_far[run.seat] += 1
            most = self._policy.most_training(run.seat)
            if most is not None and most < so_far[run.seat]:
                run.pause(Sentence(SEAT_FULL, count=most))
            else:
                yield run

    def _is_abandoned(self, run: TrainingJob) -> bool:
        """Whether all tabs on it have been closed for long; a hidden one is a tab, too."""
        unseen = time.monotonic() - run.last_watched
        if unseen > min(PRESENCE_SECONDS, self._abandoned_seconds) and self._audience.present(run.id):
            run.last_watched = time.monotonic()
            return False
        return unseen > self._abandoned_seconds
