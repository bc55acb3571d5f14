"""What can go wrong while training, in sentences that say what happened, when, and what to try."""

from __future__ import annotations

import numpy as np
import torch

from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.sentence import Sentence
from ganlab.training.history import SCALARS, SCALARS_OF_D, SCALARS_OF_G, Floats

MEANINGS = {
    "loss_d": "the discriminator's loss",
    "penalty": "the gradient penalty",
    "score_real": "D's score of real samples",
    "score_fake": "D's score of generated samples",
    "grad_norm_d": "the discriminator's gradient",
    "loss_g": "the generator's loss",
    "grad_norm_g": "the generator's gradient",
    "reconstruction": "the reconstruction's loss",
    "kl": "the KL term",
    "grad_norm_encoder": "the encoder's gradient",
    "grad_norm_decoder": "the decoder's gradient",
}


class Trouble(Exception):  # noqa: N818 (a sentence for a person, not an error in the code)
    """Training can't go on: a sentence on what happened, and one on what to try."""

    def __init__(self, happened: str, advice: str) -> None:
        super().__init__(happened)
        self.happened, self.advice = happened, advice

    @classmethod
    def not_finite(cls, iteration: int, scalars: tuple[str, ...], row: Floats) -> Trouble:
        """A scalar of this iteration is NaN or infinite."""
        bad = next(i for i in range(len(scalars)) if not np.isfinite(row[i]))
        what = "NaN" if np.isnan(row[bad]) else "infinite"
        return cls(
            Sentence("At iteration {iteration:,}, " + f"{MEANINGS[scalars[bad]]} became {what}.", iteration=iteration),
            Sentence("Try smaller learning rates, a smaller penalty weight, or another loss, and start again."),
        )


def first_not_finite(rows: Floats, scalars: tuple[str, ...]) -> int | None:
    """The first row (of (n, scalars)) in which something measured is not finite.

    A GAN's step of one player alone leaves NaN for all that the other would have measured.
    """
    if scalars != SCALARS:
        bad = np.flatnonzero(~np.isfinite(rows).all(1))
        return int(bad[0]) if len(bad) else None
    of_d, of_g = (rows[:, [SCALARS.index(name) for name in names]] for names in (SCALARS_OF_D, SCALARS_OF_G))
    d_measured, g_measured = ~np.isnan(of_d).all(1), ~np.isnan(of_g).all(1)
    bad_d = ~np.isfinite(of_d).all(1) & d_measured
    bad_g = ~np.isfinite(of_g).all(1) & g_measured
    nothing = ~d_measured & ~g_measured
    bad = np.flatnonzero(bad_d | bad_g | nothing)
    return int(bad[0]) if len(bad) else None


def describe(error: Exception, iteration: int, kept: int | None, experiment: Experiment) -> str:
    """What to tell a person about an error that ended a run; `kept` is the iteration whose weights it still has."""
    if isinstance(error, ExperimentError):
        return str(error)
    happened, advice = _explanation(error, iteration, experiment)
    if kept is None:
        return Sentence("{happened} {advice}", happened=happened, advice=advice)
    told = "{happened} The weights of iteration {kept:,} are kept. {advice}"
    return Sentence(told, happened=happened, kept=kept, advice=advice)


def _explanation(error: Exception, iteration: int, experiment: Experiment) -> tuple[str, str]:
    """Returns what happened, and what to try."""
    if isinstance(error, Trouble):
        return error.happened, error.advice
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error):
        smaller = "Try a smaller batch size (it is {size} now), narrower networks or smaller images, and start again."
        happened = Sentence("Out of memory at iteration {iteration:,}.", iteration=iteration)
        return happened, Sentence(smaller, size=experiment.batch_size)
    told = "Training stopped at iteration {iteration:,} with {name}: {error}."
    happened = Sentence(told, iteration=iteration, name=type(error).__name__, error=_first_line(error))
    return happened, Sentence("Start again. If it happens again, please report this bug.")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".") or "no details"
