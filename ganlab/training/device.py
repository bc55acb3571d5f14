"""Where a run trains, and with how many threads."""

from __future__ import annotations

import os
from functools import cache

import torch

from ganlab.experiment import Experiment, ExperimentError, knob
from ganlab.experiment.choices import Precision
from ganlab.training.heap import keep_freed_memory

WIDE = 16 * 32  # base width times image size from which a second thread pays
MOST_THREADS = 8  # more gain nothing on images of at most 100 pixels


def pick_device(wanted: str) -> torch.device:
    """The device of that name; "auto" takes CUDA where there is one, then MPS, then the CPU.

    Raises:
        ExperimentError: this machine has no such device.
    """
    device = _picked(wanted)
    if device.type == "cuda":
        _compute_exactly()
    else:
        keep_freed_memory()
    return device


def synchronize(device: torch.device) -> None:
    """Wait until the device has done all that it was asked to; the CPU has always."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def claim(threads: int, precision: Precision) -> None:
    """Let torch compute as one run always does: how is the process's setting, and other runs have others.

    The last bits depend on both.
    """
    torch.set_num_threads(threads)
    _allow_tf32(precision == "tf32")


def release() -> None:
    """Let torch compute exactly again, whatever was claimed before."""
    _allow_tf32(False)


@cache
def _compute_exactly() -> None:
    """Let products and convolutions add up in one order every time, and in full float32.

    Once: the thread that trains may have claimed otherwise when another one asks for a device.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # of one size on each stream, so one order
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    _allow_tf32(False)


def _allow_tf32(allowed: bool) -> None:
    """Let products on CUDA be of rounded numbers; no other device knows TF32."""
    torch.backends.cudnn.allow_tf32 = allowed
    torch.backends.cuda.matmul.allow_tf32 = allowed


def _picked(wanted: str) -> torch.device:
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return torch.device(next(name for name, here in present.items() if here))
    if not present[wanted]:
        here = ", ".join(name for name, is_here in present.items() if is_here)
        raise ExperimentError(f'Device (device) is "{wanted}", but this machine has only: {here}. Choose auto.')
    return torch.device(wanted)


def intra_op_threads(experiment: Experiment, shape: tuple[int, ...]) -> int:
    """How many threads one operation of a run on samples of this shape may use: as the experiment says, or by size.

    By size, one, unless its convolutions are wide: smaller operations are too short to share, and on a busy machine
    threads that wait for each other make them up to fifty times slower. A function of the Experiment and the
    machine alone, never of what else trains, since the order of a sum, and with it the last bit, depends on it.
    """
    if experiment.threads:
        return experiment.threads
    channels = ("g_channels", "d_channels")
    width = max((getattr(experiment, name) for name in channels if knob(name).applies(experiment)), default=0)
    return min(os.cpu_count() or 1, MOST_THREADS) if width * shape[-1] >= WIDE else 1
