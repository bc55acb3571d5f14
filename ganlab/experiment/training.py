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
            "How the weights of both networks are drawn at the start. R3GAN and StyleGAN draw theirs as in their "
            "papers.",
            choices=INITS,
        ),
    ] = "default"  # fmt: skip
    seed: Annotated[
        int, Field(ge=0, le=2**31 - 1),
        Knob("training", "Seed", "The same seed gives the same run, to the last bit (on the CPU of the same "
            "machine).", common=True),
    ] = 0  # fmt: skip
    max_steps: Annotated[
        int, Field(ge=0, le=10_000_000),
        Knob("training", "Stop after", "The run finishes after this many iterations. 0: it goes on until you stop "
            "it.", unit="iterations"),
    ] = 0  # fmt: skip
    device: Annotated[
        Device,
        Knob(
            "training", "Device", "The device that trains the networks. Auto uses CUDA if there is a CUDA device, "
            "else MPS, else the CPU.",
            choices=DEVICES,
        ),
    ] = "auto"  # fmt: skip
    threads: Annotated[
        int, Field(ge=0, le=64),
        Knob(
            "training", "CPU threads",
            "How many threads work on one operation. 0: one, or more for wide convolutions. 1 is best if other "
            "programs use the machine, too. The last bits of a run depend on this number.",
            unit="threads",
        ),
    ] = 0  # fmt: skip
    mistake: Annotated[
        Mistake,
        Knob(
            "training", "Mistake", "Trains with a famous mistake from the clinic. None: no mistake.",
            choices=MISTAKES, model="gan", applies=_is_broken,
        ),
    ] = "none"  # fmt: skip
