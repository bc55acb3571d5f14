"""How hard a preset is: how many ideas it adds to the plain GAN of Goodfellow et al. 2014."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ganlab.experiment import Experiment, knob

Level = Literal["easy", "medium", "hard"]
LEVELS: Mapping[Level, str] = {
    "easy": "Easy: no idea beyond a plain GAN, or one.",
    "medium": "Medium: two or three ideas beyond a plain GAN.",
    "hard": "Hard: four ideas or more beyond a plain GAN.",
}
EASY, MEDIUM = 1, 3  # ideas at most

PLAIN_LOSSES = ("non_saturating", "minimax")
PLAIN_NETWORKS = ("mlp", "dense", "point", "linear")
# A setting that is not its default is an idea to know of; optimisers and their numbers are not.
ADDED = (
    "gp_weight", "r1_weight", "r2_weight", "zero_gp_weight", "dragan_weight", "lecam_weight", "history_weight",
    "consensus_weight", "weight_clip", "feature_matching", "cosine_weight", "label_smoothing", "instance_noise",
    "spectral_norm", "d_minibatch", "packing", "augment", "self_attention", "unroll_steps", "top_k", "n_critic",
    "ema_decay",
)  # fmt: skip


def ideas(e: Experiment) -> tuple[str, ...]:
    """The ideas beyond a plain GAN, by the names that the settings give them."""
    found = [knob("model").choices[e.model]] if e.model == "vae" else []
    found += [knob("loss").choices[e.loss]] if e.model == "gan" and e.loss not in PLAIN_LOSSES else []
    networks = {getattr(e, role): role for role in ("discriminator", "generator")}  # of two alike, one
    found += [knob(role).choices[network] for network, role in networks.items() if network not in PLAIN_NETWORKS]
    found += [knob("condition").choices[e.condition]] if e.condition != "none" else []
    found += ["codes (InfoGAN)"] if e.info_categories or e.info_continuous else []
    found += ["a mistake to find"] if e.mistake != "none" else []
    changed = e.differences()
    return *found, *(knob(name).label for name in ADDED if name in changed and knob(name).applies(e))


def level(e: Experiment) -> Level:
    """How hard it is to follow what happens."""
    count = len(ideas(e))
    return "easy" if count <= EASY else "medium" if count <= MEDIUM else "hard"
