"""Where a run comes from that goes on from another one with other settings, and what it took over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ganlab.experiment import Experiment, knob
from ganlab.experiment.sentence import Sentence
from ganlab.runs.checkpoint import Checkpoint

PARTS = {
    "generator": "the generator",
    "optimizer_g": "G's optimiser",
    "discriminator": "the discriminator",
    "optimizer_d": "D's optimiser",
    "chance": "the random numbers",
    "sampler": "the place in the data",
}
VAE_PARTS = {
    "generator": "the decoder",
    "optimizer_g": "the decoder's optimiser",
    "encoder": "the encoder",
    "optimizer_d": "the encoder's optimiser",
    "chance": PARTS["chance"],
    "sampler": PARTS["sampler"],
}

IN_A_WALL = "Trained in a wall until iteration {iteration:,}: curves begin here."
BEFOREHAND = "Trained beforehand until iteration {iteration:,}: curves begin here."
BEGAN_TRAINED = "This run came trained with GanLab. {taken}"
ROUNDED = "{came} So that the file is small, its weights were rounded to {bits} significant bits."


@dataclass(frozen=True)
class Origin:
    """Where a fork comes from.

    Attributes:
        run: the parent's id.
        iteration: of the parent, at which the fork went on.
        sentence: what was carried over and what was not.
        fresh: why each part that was not carried over is new.
        checkpoint: the parent as it was; with the fork's `initial_experiment` and interventions, all that is needed to
            replay the fork. None where it was not stored, or has not been read.
        wall: whether the parent is a wall, and this run was one of its members.
        shipped: whether the parent was trained before GanLab was installed, and its checkpoint came with it.
    """

    run: str
    iteration: int
    sentence: str
    fresh: Mapping[str, str] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    wall: bool = False
    shipped: bool = False

    @property
    def before_the_curves(self) -> Sentence | None:
        """Returns why the curves are empty at first; None where they go on from the parent's."""
        if not self.wall and not self.shipped:
            return None
        template = IN_A_WALL if self.wall else BEFOREHAND
        return Sentence(template, iteration=self.iteration)

    @classmethod
    def of(
        cls, run: str, checkpoint: Checkpoint, fresh: Mapping[str, str], experiment: Experiment | None = None
    ) -> Origin:
        """Returns the origin of a fork of this run, which went on from the checkpoint with some new parts.

        `experiment` is the fork's; without it nothing is said of its settings.
        """
        before = Experiment.of(**checkpoint.plain["experiment"])
        parts = VAE_PARTS if before.model == "vae" else PARTS
        said = _sentence(
            checkpoint.iteration, fresh, parts, () if experiment is None else experiment.differences(before)
        )
        return cls(run, checkpoint.iteration, said, fresh, checkpoint)

    @classmethod
    def of_shipped(cls, checkpoint: Checkpoint, fresh: Mapping[str, str]) -> Origin:
        """Returns the origin of a run that goes on from a checkpoint that came with GanLab, with some new parts.

        Where whoever made the checkpoint made it smaller first, it says so under "came": which parts had to begin anew
        (`fresh`), and to how many significant `bits` its numbers were rounded.
        """
        came = checkpoint.plain.get("came", {})
        found = cls.of("", checkpoint, {**came.get("fresh", {}), **fresh})
        said = Sentence(BEGAN_TRAINED, taken=found.sentence)
        if bits := came.get("bits"):
            said = Sentence(ROUNDED, came=said, bits=bits)
        return replace(found, sentence=said, shipped=True)


def _sentence(iteration: int, fresh: Mapping[str, str], parts: Mapping[str, str], changed: Iterable[str]) -> str:
    taken = _taken_over(iteration, fresh, parts)
    settings = [Sentence(setting(name)) for name in changed]
    if not settings:
        return taken
    return Sentence("{taken} Changed: {settings}.", taken=taken, settings=_listed(settings))


def setting(name: str) -> str:
    """What a setting is called in a sentence, with the network that it belongs to."""
    note = knob(name)
    return note.label + {"generator": " (G)", "discriminator": " (D)"}.get(note.group, "")


def _taken_over(iteration: int, fresh: Mapping[str, str], parts: Mapping[str, str]) -> str:
    if "model" in fresh:
        return Sentence(
            "Nothing was carried over, because {reason}. The run starts from untrained networks.", reason=fresh["model"]
        )
    if "generator" in fresh and fresh.keys() & {"discriminator", "encoder"}:
        return Sentence(
            "Nothing was carried over, because the shapes of both networks have changed. The run starts from "
            "untrained networks."
        )
    new = [Sentence("{name} ({why})", name=name, why=fresh[part]) for part, name in parts.items() if part in fresh]
    if not new:
        return Sentence("Goes on from iteration {iteration:,} with everything that was learned.", iteration=iteration)
    same = [name for part, name in parts.items() if part not in fresh]
    told = "Goes on from iteration {iteration:,}. Carried over: {same}. New: {new}."
    return Sentence(told, iteration=iteration, same=_listed(same), new=_listed(new))


def _listed(names: Sequence[str]) -> Sentence:
    """A comma between any two but the last."""
    *places, last = (f"{{name_{i}}}" for i in range(len(names)))
    template = f"{', '.join(places)} and {last}" if places else last
    return Sentence(template, **{f"name_{i}": name for i, name in enumerate(names)})
