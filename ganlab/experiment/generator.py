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
        Optimizer, Knob("generator", "Optimiser", "How a gradient becomes a change of weights.", choices=OPTIMIZERS)
    ] = "adam"
    lr_g: Annotated[
        LearningRate,
        Knob("generator", "Learning rate", "Size of the generator's steps.", live=True, common=True, log=True),
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
        Schedule, Knob("generator", "Schedule", "How the learning rate falls with time.", choices=SCHEDULES)
    ] = "constant"
    schedule_steps_g: Annotated[
        Steps,
        Knob(
            "generator", "Schedule length", "Linear and cosine reach 0 here; exponential falls tenfold in this many.",
            unit="iterations", log=True, applies=lambda e: e.schedule_g != "constant",
        ),
    ] = 20_000  # fmt: skip
    weight_decay_g: Annotated[
        float, Field(ge=0.0, le=1.0),
        Knob(
            "generator", "Weight decay", "Adds so much of each weight to its gradient: L2 regularisation. 0: off.",
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
            "Shows a moving average of the generator's weights, steadier than the weights themselves. 0: off.",
        ),
    ] = 0.0  # fmt: skip
    unroll_steps: Annotated[
        int, Field(ge=0, le=10),
        Knob(
            "generator", "Unrolled D",
            "The generator looks ahead: how D would be after so many more of its own updates. 0: off.",
            unit="updates", model="gan", live=True, applies=lambda e: e.consensus_weight == 0,
        ),
    ] = 0  # fmt: skip
    top_k: Annotated[
        float, Field(ge=0.05, le=1.0),
        Knob(
            "generator", "Top-k", "Share of its batch, those that D scores highest, that the generator learns from.",
            model="gan", live=True, applies=lambda e: e.consensus_weight == 0,
        ),
    ] = 1.0  # fmt: skip
