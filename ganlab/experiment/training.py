"""The fields of an Experiment that say how long, where, and from which weights it trains."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ganlab.experiment.choices import DEVICES, INITS, MISTAKES, PRECISIONS, Device, Init, Mistake, Precision
from ganlab.experiment.settings import Knob, Settings


def _is_broken(e: TrainingSettings) -> bool:
    return e.mistake != "none"


def _multiplies_matrices(e: Any) -> bool:
    return bool(e.data != "dirac")  # whose players are single numbers


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
    precision: Annotated[
        Precision,
        Knob(
            "training", "Precision",
            "How exactly the networks compute while they train. float32 keeps 7 digits of each number. TF32 rounds "
            "what is multiplied to 3 digits, on NVIDIA GPUs from Ampere on; elsewhere it is float32. bfloat16 rounds "
            "what passes through the layers to 2 digits; weights, losses and optimisers stay float32. Rounding is made "
            "for the speed of large networks and can slow down small ones. A rounded run comes to other numbers, and "
            "small differences grow.",
            choices=PRECISIONS, applies=_multiplies_matrices,
        ),
    ] = "float32"  # fmt: skip
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
