"""One Experiment being trained, as people command it: stepped, reset, changed, forked and asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from ganlab.experiment import LIVE_FIELDS, Experiment, ExperimentError
from ganlab.experiment.sentence import Sentence
from ganlab.runs.audience import Audience
from ganlab.runs.checkpoint import Checkpoint
from ganlab.runs.directions import KeptDirection
from ganlab.runs.engine import Engine
from ganlab.runs.fork import Origin
from ganlab.runs.gate import HELD
from ganlab.runs.picks import Picks
from ganlab.runs.record import RunRecord
from ganlab.runs.start import as_stored, going_on, trained_beforehand, untrained
from ganlab.runs.state import Intervention, State
from ganlab.runs.trainee import Rest, Trainee
from ganlab.runs.trouble import Trouble
from ganlab.training.trainer import Trainer
from ganlab.views import ViewSettings
from ganlab.views.questions import Question
from ganlab.views.tracing.trace import trace_step

Answer = TypeVar("Answer")
GoOn = Callable[[Experiment, str, Future[Checkpoint], Callable[[], object]], "Run"]  # as `Run.from_checkpoint` does
MAY_STEP = (State.READY, State.RUNNING, State.PAUSED)
CLOSED = "GanLab was closed while this run trained. Here it is at iteration {iteration:,}: press Train to go on."


class Run(Trainee):
    """An Experiment being trained, and what a person may ask of it from any thread. See also `TrainingJob`.

    Raises:
        ExperimentError: there is no such device here.
    """

    @classmethod
    def restored(cls, record: RunRecord, read: Callable[[], RunRecord], audience: Audience | None = None) -> Run:
        """A run as it was stored, at rest; its weights are read when it is built, at its first command.

        Args:
            record: what is known of it without its checkpoints; `read` reads it with them.

        Raises:
            ExperimentError: this machine does not have its settings.
        """
        run = cls(record.experiment, audience)
        run._take_over(record)
        run._start = as_stored(read)
        return run

    @classmethod
    def trained(cls, checkpoint: Checkpoint, audience: Audience | None = None) -> Run:
        """A paused run that goes on from a checkpoint that came with GanLab.

        Raises:
            ExperimentError: this machine does not have its settings.
        """
        run = cls(Experiment.of(**checkpoint.plain["experiment"]), audience)
        run.state, run._iteration = State.PAUSED, checkpoint.iteration
        run.origin = Origin.of_shipped(checkpoint, {})  # as long as nothing else is known
        run._start = trained_beforehand(checkpoint)
        run._command(run._after_move)
        return run

    def _take_over(self, record: RunRecord) -> None:
        """Be the run of this record, at rest."""
        self.id, self.name, self.state, self.message = record.id, record.name, record.state, record.message
        self.initial_experiment, self.interventions = record.initial_experiment, list(record.interventions)
        self.directions = {direction.name: direction for direction in record.directions}
        self.picks = record.picks
        self._iteration = record.iteration
        if self.state is State.RUNNING:
            self.state, self.message = State.PAUSED, Sentence(CLOSED, iteration=record.iteration)

    def play(self, rest: Rest | None = None) -> None:
        """Train until told otherwise, or until `rest`. A run that failed or was stopped needs a reset first."""
        self._rest = rest
        super().play()

    def step(self) -> None:
        """Train one iteration, then pause.

        Raises:
            ExperimentError: a closed gate holds the run; so for `step_d` and `step_g`.
        """
        self._take_one(lambda trainer: trainer.step(), None)

    def step_d(self) -> None:
        """Make one update of the discriminator, then pause."""
        self._take_one(lambda trainer: trainer.step_d(), "step_d")

    def step_g(self) -> None:
        """Make one update of the generator, then pause."""
        self._take_one(lambda trainer: trainer.step_g(), "step_g")

    def trace(self) -> Future[Any]:
        """Train one iteration under a recorder, then pause. The answer is what happened in it: see `trace_step`; of a
        run that trains elsewhere it is the frame of that.

        It is an iteration like any other, to the same bits. The answer is cancelled as one to a question is.

        Raises:
            ExperimentError: the run is over, or a closed gate holds it.
        """
        self._check_gate()
        with self._lock:
            if self.state not in MAY_STEP:
                raise ExperimentError("This run is over and trains no further: reset it, or open another run.")
            self.state, self.message = State.PAUSED, None
            return self._ask_for_trace()

    def reset(self) -> None:
        """Back to untrained networks, with the settings as they are now."""
        with self._lock:
            self.state, self.message = State.READY, None
            self.origin, self._start = None, untrained
            self._iteration = 0
            self.build += 1
            self._commands.clear()
            self._command(self._rebuild)

    def change(self, **values: Any) -> None:
        """Give live fields new values, from the next step on.

        Raises:
            ExperimentError: a value is not allowed, or its field may not change while training.
        """
        with self._lock:
            changed = self.experiment.changed(**values)
            fresh = changed.differences(self.experiment)
            if fixed := [name for name in fresh if name not in LIVE_FIELDS]:
                raise ExperimentError(f"{', '.join(fixed)} can't change while it trains: start a new run.")
            self.experiment = changed
            if fresh:
                self._command(lambda: self._apply(fresh))

    def fork(self, go_on: GoOn | None = None, /, **changes: Any) -> Run:
        """A paused run that goes on from here with other settings, any of them: what fits is carried over.

        Without changes it will give the same bits as this one. It is built at its first command. `go_on` makes it;
        without that it takes its turns on the same thread.

        Raises:
            ExperimentError: a value is not allowed.
        """
        go_on = go_on or partial(Run.from_checkpoint, audience=self._audience)
        with self._lock:
            experiment = self.experiment.changed(**changes)
            child = go_on(experiment, self.id, self.checkpoint(), self.obey)
        child.view = self.view
        if child.experiment.latent_dim == self.experiment.latent_dim:
            child.directions, child.picks = dict(self.directions), self.picks
        return child

    @classmethod
    def from_checkpoint(
        cls,
        experiment: Experiment,
        parent: str,
        checkpoint: Future[Checkpoint],
        obey: Callable[[], object],
        audience: Audience,
        *,
        wall: bool = False,
    ) -> Run:
        """A paused run that goes on from a checkpoint, which `obey`, called on the training thread, sees to.

        `wall` says that the parent is a wall, not a run.
        """
        run = cls(experiment, audience)
        run._go_on(parent, checkpoint, obey, wall)
        return run

    def _go_on(
        self, parent: str, checkpoint: Future[Checkpoint], obey: Callable[[], object], wall: bool = False
    ) -> None:
        self.state = State.PAUSED
        self._start = going_on(parent, checkpoint, obey, wall)
        self._command(self._after_move)

    def rename(self, name: str) -> None:
        """Give the run this name. Without a name, its settings name it."""
        self.name = name
        self._wake()

    def set_view(self, **settings: Any) -> None:
        """Choose what the probes show: see `ViewSettings`."""
        with self._lock:
            self.view = ViewSettings(**(vars(self.view) | settings))
        self.refresh()

    def keep_direction(self, kept: KeptDirection) -> None:
        """Keep a direction in latent space under its name, in place of one that had it before."""
        self.directions = {**self.directions, kept.name: kept}  # not changed in place: another thread may be saving it
        self._wake()

    def forget_direction(self, name: str) -> None:
        """Forget the direction of this name."""
        self.directions = {each: kept for each, kept in self.directions.items() if each != name}
        self._wake()

    def pick(self, latents: Picks) -> None:
        """Keep these latents as those that were picked."""
        self.picks = latents
        self._wake()

    def save_now(self) -> None:
        """Wait until all of a run that trains elsewhere has been handed over to be stored; others are copied here."""

    def checkpoint(self) -> Future[Checkpoint]:
        """Its whole state as it is between two steps; cancelled as an answer to a question is."""
        return self._ask(lambda engine: engine.checkpoint())

    def record(self) -> Future[RunRecord]:
        """All of the run as it is between two steps; cancelled as an answer to a question is."""
        return self._ask(self._record)

    def reply_to(self, question: Question) -> Future[Any]:
        """The answer to a question of a page, as plain data; of a run that trains elsewhere, as its frame.

        It is cancelled as that of `ask`. What the question needs beside the networks is made ready first, by the thread
        that calls this: it may take seconds.

        Raises:
            ValueError: the run's data can't be asked this.
        """
        question.prepare(self.experiment)
        return self.ask(question.answer)

    def ask(self, question: Callable[[Trainer], Answer]) -> Future[Answer]:
        """The answer to a question about the networks, found between two steps.

        A question returns plain data, never a live network, and changes nothing. The answer is cancelled if the
        run is reset, fails or is put away first.
        """
        return self._ask(lambda engine: question(engine.trainer))

    def _ask(self, question: Callable[[Engine], Answer], ends_the_run: type[Exception] = Trouble) -> Future[Answer]:
        """The answer to a question; an error of the second kind is one of the run itself, not of the question."""
        answer: Future[Answer] = Future()

        def reply() -> None:
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(question(self._built()))
                except Exception as error:
                    answer.set_exception(error)
                    if isinstance(error, ends_the_run):
                        raise

        self._command(reply, answer)
        return answer

    def _check_gate(self) -> None:
        if not self._lets():
            raise ExperimentError(HELD)

    def _take_one(self, step: Callable[[Trainer], None], intervention: str | None) -> None:
        self._check_gate()
        with self._lock:
            if self.state not in MAY_STEP:
                return
            self.state, self.message = State.PAUSED, None

            def take() -> None:
                engine = self._built()
                engine.claim()
                if intervention:
                    self.interventions.append(Intervention(self.iteration, intervention))
                step(engine.trainer)
                engine.settle()
                self._stale = True

            self._command(take)

    def _ask_for_trace(self) -> Future[Any]:
        return self._ask(self._traced, Exception)

    def _traced(self, engine: Engine) -> dict[str, Any]:
        engine.claim()
        happened = trace_step(engine.trainer)
        engine.settle()
        self._stale = True
        return happened

    def _apply(self, values: dict[str, Any]) -> None:
        trainer = self._built().trainer
        self.interventions.append(Intervention(trainer.iteration, "change", values))
        trainer.change(**values)
        self._stale = True
