"""The fields of an Experiment that say how long, where, and from which weights it trains."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ganlab.experiment.choices import DEVICES, INITS, MISTAKES, Device, Init, Mistake
from ganlab.experiment.settings import Knob, Settings


def _is_broken(e: TrainingSettings) -> bool:
    return e.mistake != "none"


class TrainingSettings(Settings):
    """Training."""

    init: Annotated[
        Init,
        Knob(
            "training", "Initial weights",
            "How the weights of both networks are drawn; R3GAN and StyleGAN draw theirs as their papers do.",
            choices=INITS,
        ),
    ] = "default"  # fmt: skip
    seed: Annotated[
        int, Field(ge=0, le=2**31 - 1),
        Knob("training", "Seed", "Same seed, same run, to the last bit (on the same machine's CPU).", common=True),
    ] = 0  # fmt: skip
    max_steps: Annotated[
        int, Field(ge=0, le=10_000_000),
        Knob("training", "Stop after", "The run finishes here. 0: it goes on until you stop it.", unit="iterations"),
    ] = 0  # fmt: skip
    device: Annotated[
        Device,
        Knob(
            "training", "Device", "Where it trains. Auto takes CUDA where there is one, then MPS, then the CPU.",
            choices=DEVICES,
        ),
    ] = "auto"  # fmt: skip
    threads: Annotated[
        int, Field(ge=0, le=64),
        Knob(
            "training", "CPU threads",
            "Threads for one operation. 0: one, or more for wide convolutions. 1 is best where other programs keep the "
            "machine busy. The last bits of a run depend on it.",
            unit="threads",
        ),
    ] = 0  # fmt: skip
    mistake: Annotated[
        Mistake,
        Knob(
            "training", "Mistake", "A famous mistake to train with, out of the clinic. None: all as it should be.",
            choices=MISTAKES, model="gan", applies=_is_broken,
        ),
    ] = "none"  # fmt: skip
