"""How much of what G was asked for can be told from its samples: by D, by Q, or by where they lie."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.experiment import Experiment, has_codes, is_conditional
from ganlab.experiment.choices import POINTS_1D, POINTS_2D
from ganlab.experiment.codes import class_count
from ganlab.networks.conditional import ConditionalDiscriminator
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View


def _applies(e: Experiment) -> bool:
    """Whether there is anything to measure."""
    on_modes = class_count(e) > 0 and e.data in (*POINTS_1D, *POINTS_2D)
    return is_conditional(e) and (e.condition == "auxiliary" or has_codes(e) or on_modes)


def naming(now: Moment, book: Logbook) -> Answer:
    """The shares that could be told, at every iteration looked at."""
    shares = _shares(now)
    log = book.logs["naming"]
    log.add(book.iteration, *shares.values())
    return dict(zip(("x", *shares), log.columns(), strict=True))


@torch.no_grad()
def _shares(now: Moment) -> dict[str, float]:
    """Shares from 0 to 1: of real and generated samples whose class D names right ("class_real", "class_fake"), of
    those that lie nearest the mode asked for ("obeyed"), of categories that Q reads right ("category"), and of the
    dials' variance that Q explains ("dials", which is below 0 while it guesses worse than their mean).
    """
    D, e = now.trainer.discriminator, now.trainer.experiment
    assert isinstance(D, ConditionalDiscriminator)
    (_, real_features), (_, fake_features) = now.responses
    asked = now.inputs.asked._replace(**{k: v[: len(now.fake)] for k, v in now.inputs.asked._asdict().items()})
    shares: dict[str, Tensor] = {}
    if e.condition == "auxiliary":
        shares["class_real"] = _right(D.class_logits(real_features), now.inputs.real_classes)
        shares["class_fake"] = _right(D.class_logits(fake_features), asked.y)
    if class_count(e) and now.trainer.spec.centres is not None:
        centres = torch.from_numpy(now.trainer.spec.centres).to(now.fake)
        shares["obeyed"] = _right(-torch.cdist(now.fake, centres), asked.y)
    if has_codes(e):
        logits, means = D.codes(fake_features)
        if e.info_categories:
            shares["category"] = _right(logits, asked.category)
        if e.info_continuous:
            spread = (asked.dials - asked.dials.mean(0)).square().mean()
            shares["dials"] = 1 - (asked.dials - means).square().mean() / spread
    return {name: float(share) for name, share in shares.items()}


def _right(logits: Tensor, one_hot: Tensor) -> Tensor:
    return (logits.argmax(1) == one_hot.argmax(1)).float().mean()


VIEW = View("naming", _applies, naming, place=70, node="codes", logs={"naming": ()})
