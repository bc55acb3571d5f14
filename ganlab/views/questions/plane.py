"""The question for a plane through latent space."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import torch
from pydantic import Field

from ganlab.latent.directions import first_features, ganspace
from ganlab.latent.planes import orthonormal, plane_through, random_plane
from ganlab.training import rng
from ganlab.training.trainer import Trainer
from ganlab.views.questions.find import FEATURES_OF
from ganlab.views.questions.question import Latent, Question, as_latents, latents_of_run


class Plane(Question):
    """A plane: along the first axes, along random directions, along G's first two components, or through points.

    All but the last go through `origin`, or the middle if there is none: with many dimensions the middle is a place
    where no draw ever lies.
    """

    ask: Literal["plane"]
    through: Literal["axes", "random", "components", "points"]
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    origin: Latent | None = None
    points: Annotated[list[Latent], Field(max_length=3), Field(default_factory=list)]

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        dim, device = trainer.experiment.latent_dim, trainer.device
        origin = torch.zeros(dim, device=device) if self.origin is None else as_latents([self.origin], trainer)[0]
        match self.through:
            case "axes":
                directions = orthonormal(torch.eye(max(dim, 2), dim, device=device)[:2])
            case "random":
                directions = random_plane(dim, rng.generator(self.seed, "probes", device))
            case "components":
                directions = self._components(trainer)
            case "points":
                if len(self.points) != 3:
                    raise ValueError(f"A plane goes through three latents, not {len(self.points)}.")
                origin, directions = plane_through(as_latents(self.points, trainer))
        return {"origin": origin.cpu().numpy(), "directions": directions.cpu().numpy()}

    def _components(self, trainer: Trainer) -> torch.Tensor:
        if trainer.experiment.latent_dim == 1:
            return orthonormal(torch.tensor([[1.0], [0.0]], device=trainer.device))
        latents = latents_of_run(FEATURES_OF, trainer)
        with self.at_rest(trainer) as generator:
            found = ganspace(latents, first_features(generator, latents), 2)
        return orthonormal(found.vectors)
