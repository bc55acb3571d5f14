"""The fields of an Experiment that describe the generator and how it is trained."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ganlab.experiment.choices import OPTIMIZERS, SCHEDULES, Optimizer, Schedule
from ganlab.experiment.networks import GeneratorNetworkSettings
from ganlab.experiment.ranges import Beta, LearningRate, Steps
from ganlab.experiment.settings import Knob


class GeneratorSettings(GeneratorNetworkSettings):
    """The generator."""

    optimizer_g: Annotated[
        Optimizer, Knob("generator", "Optimiser", "How the weights are changed by their gradient.", choices=OPTIMIZERS)
    ] = "adam"
    lr_g: Annotated[
        LearningRate,
        Knob("generator", "Learning rate", "How far one update moves the generator.", live=True, common=True, log=True),
    ] = 1e-3
    beta1_g: Annotated[
        Beta,
        Knob(
            "generator", "beta1 / momentum", "How much of the last direction is kept (Adam's beta1, or the momentum).",
            live=True, applies=lambda e: e.optimizer_g in ("adam", "momentum"),
        ),
    ] = 0.5  # fmt: skip
    beta2_g: Annotated[
        Beta,
        Knob(
            "generator", "beta2 / alpha", "Memory of the squared gradient (Adam's beta2, RMSprop's alpha).",
            live=True, applies=lambda e: e.optimizer_g in ("adam", "rmsprop"),
        ),
    ] = 0.999  # fmt: skip
    schedule_g: Annotated[
        Schedule, Knob("generator", "Schedule", "How the learning rate falls during training.", choices=SCHEDULES)
    ] = "constant"
    schedule_steps_g: Annotated[
        Steps,
        Knob(
            "generator", "Schedule length", "Linear and cosine reach 0 after this many iterations; exponential falls "
            "to a tenth.",
            unit="iterations", log=True, applies=lambda e: e.schedule_g != "constant",
        ),
    ] = 20_000  # fmt: skip
    weight_decay_g: Annotated[
        float, Field(ge=0.0, le=1.0),
        Knob(
            "generator", "Weight decay", "Adds this multiple of each weight to its gradient: L2 regularisation. 0: "
            "off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    clip_norm_g: Annotated[
        float, Field(ge=0.0, le=1000.0),
        Knob(
            "generator", "Clip gradient's norm", "Shortens G's gradient to this length if it is longer. 0: off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    clip_value_g: Annotated[
        float, Field(ge=0.0, le=1000.0),
        Knob(
            "generator", "Clip gradient's values", "Clips each number of G's gradient to [-c, c]. 0: off.",
            live=True, log=True,
        ),
    ] = 0.0  # fmt: skip
    ema_decay: Annotated[
        float, Field(ge=0.0, le=0.99999),
        Knob(
            "generator", "EMA of weights",
            "Shows samples of a moving average of the generator's weights, which changes more steadily. 0: off.",
        ),
    ] = 0.0  # fmt: skip
    unroll_steps: Annotated[
        int, Field(ge=0, le=10),
        Knob(
            "generator", "Unrolled D",
            "The generator looks ahead: it plays against D as it would be after this many more updates. 0: off.",
            unit="updates", model="gan", live=True, applies=lambda e: e.consensus_weight == 0,
        ),
    ] = 0  # fmt: skip
    top_k: Annotated[
        float, Field(ge=0.05, le=1.0),
        Knob(
            "generator", "Top-k", "The generator learns only from this share of its batch: the samples with the "
            "highest scores from D.",
            model="gan", live=True, applies=lambda e: e.consensus_weight == 0,
        ),
    ] = 1.0  # fmt: skip
