"""Questions that look for directions in latent space."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, Literal

import torch
from pydantic import Field
from torch import Tensor

from ganlab.data import Collection, Dataset, load
from ganlab.experiment import Experiment
from ganlab.experiment.codes import input_dim
from ganlab.latent.directions import (
    Directions,
    attribute_direction,
    first_features,
    first_weight,
    ganspace,
    mean_difference,
    sefa,
)
from ganlab.metrics.background import classifier_for
from ganlab.training.trainer import Trainer
from ganlab.views.inputs import generate
from ganlab.views.questions.question import CHUNK, Question, latents_of_run

Count = Annotated[int, Field(ge=1, le=32)]
FEATURES_OF = 1000  # latents whose features show their principal components
LABELLED = 2000  # samples that are named to find the directions of their classes
FEWEST = 20  # samples of a class, and of all others, from which a direction can be learnt


class FirstLayer(Question):
    """The directions that G's first weights magnify most: SeFa."""

    ask: Literal["sefa"]
    count: Count

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        e = trainer.experiment
        weight = first_weight(trainer.shown, input_dim(e))[:, : e.latent_dim]
        found = sefa(weight, self.count)
        return _as_answer(found, [f"Factor {i + 1}" for i in range(len(found.vectors))])


class Components(Question):
    """The principal components of G's early features: GANSpace."""

    ask: Literal["ganspace"]
    count: Count

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        latents = latents_of_run(FEATURES_OF, trainer)
        with self.at_rest(trainer) as generator:
            found = ganspace(latents, first_features(generator, latents), self.count)
        return _as_answer(found, [f"Component {i + 1}" for i in range(len(found.vectors))])


class ByLabels(Question):
    """For each class of the data, the direction towards latents whose samples look like it."""

    ask: Literal["labels"]
    by: Literal["boundary", "means"] = "boundary"

    def prepare(self, experiment: Experiment) -> None:
        naming(load(experiment))

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        names, name = naming(trainer.dataset)
        latents = latents_of_run(LABELLED, trainer)
        with self.at_rest(trainer) as generator:
            classes = torch.cat([name(generate(generator, some).cpu()) for some in torch.split(latents, CHUNK)])
        found: list[tuple[float, str, Tensor]] = []
        for k, label in enumerate(names):
            has_it = (classes == k).to(latents.device)
            if FEWEST <= int(has_it.sum()) <= LABELLED - FEWEST:
                direction, quality = attribute_direction(latents, has_it)
                found.append((quality, label, direction if self.by == "boundary" else mean_difference(latents, has_it)))
        if not found:
            raise ValueError(
                "All samples of this generator belong to one class, so there are no classes to compare yet."
            )
        qualities, labels, directions = zip(*found, strict=True)
        return _as_answer(Directions(torch.stack(directions), torch.tensor(qualities)), list(labels))


@lru_cache(maxsize=4)
def naming(dataset: Dataset) -> tuple[list[str], Callable[[Tensor], Tensor]]:
    """The names of the data's classes, and what tells the class of each sample: (n, *shape) -> (n,).

    Images are named by a classifier, which is trained here the first time, for a few seconds; points by the known
    mode that is nearest.

    Raises:
        ValueError: the data have neither labels nor known modes.
    """
    if isinstance(dataset, Collection) and dataset.classes is not None:
        classifier = classifier_for(dataset)
        names = dataset.spec.labels or tuple(str(k) for k in range(int(dataset.classes.max()) + 1))
        return list(names), classifier.classes
    if dataset.spec.centres is not None:
        centres = torch.from_numpy(dataset.spec.centres).float()
        return [f"Mode {k + 1}" for k in range(len(centres))], lambda x: torch.cdist(x, centres).argmin(dim=1)
    raise ValueError(
        "These data have no labels, so no attribute can be learned from them. SeFa and GANSpace need no labels."
    )


def _as_answer(found: Directions, names: list[str]) -> dict[str, Any]:
    return {"names": names, "vectors": found.vectors.cpu().numpy(), "weights": found.weights.cpu().numpy()}
