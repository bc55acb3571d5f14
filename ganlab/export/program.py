"""The generator as a traced program: what ONNX, torch.export and the page for a browser start from."""

from __future__ import annotations

import copy
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from ganlab.export.files import CannotExport
from ganlab.export.generator import TrainedGenerator
from ganlab.export.trained_run import TrainedRun
from ganlab.networks.layers import ChannelsLast

CHECKED = 64  # samples that are compared with torch's
CHECKED_SEED = 1
MOST_DIFFERENCE = 1e-3  # more than rounding can explain
_tracing = threading.Lock()  # torch traces one network at a time


class Mapping(nn.Module):
    """The generator with named input and output, its samples in their units, without what only makes it faster."""

    scale: Tensor
    centre: Tensor

    def __init__(self, generator: TrainedGenerator) -> None:
        super().__init__()
        self.network = copy.deepcopy(generator.network)
        self.units = generator.units
        if self.units is not None:
            self.register_buffer("scale", torch.tensor(self.units.scale))
            self.register_buffer("centre", torch.tensor(self.units.centre))
        for parent in list(self.network.modules()):
            for name, layer in parent.named_children():
                if isinstance(layer, ChannelsLast):
                    setattr(parent, name, nn.Identity())

    def forward(self, z: Tensor) -> Tensor:
        samples: Tensor = self.network(z)
        return samples if self.units is None else samples * self.scale + self.centre


@contextmanager
def tracing() -> Iterator[None]:
    """Trace one network at a time, without gradients and without torch's warnings about itself."""
    with _tracing, torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def traced(generator: TrainedGenerator, *, batch: int | None = None) -> torch.export.ExportedProgram:
    """z -> samples as a graph of ATen operations; for any batch, or for one of this size. Call it within `tracing`.

    Raises:
        CannotExport: the network does something that can't be traced.
    """
    example = generator.latents(batch or 2)
    shapes = None if batch else {"z": {0: torch.export.Dim("batch", min=1)}}
    try:
        program = torch.export.export(Mapping(generator).eval(), (example,), dynamic_shapes=shapes)
    except Exception as error:  # torch raises errors of many kinds for what it can't trace
        raise CannotExport(f"torch.export can't trace the network: {_first_line(error)}") from None
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)  # names folders of this computer
    return program


def write_program(run: TrainedRun, folder: Path) -> str:
    """generator.pt2, a torch.export program for any batch, loaded again and compared."""
    path = folder / "generator.pt2"
    with tracing():
        extra = {"experiment.json": run.experiment.to_json(), "torch.txt": torch.__version__}
        torch.export.save(traced(run.generator), path, extra_files=extra)
        loaded = torch.export.load(path).module()
        same = difference(run.generator, lambda z: loaded(z))
        return f"{same}; written by torch {torch.__version__}, which later versions can read"


def difference(generator: TrainedGenerator, other: object) -> str:
    """Returns a sentence on the largest difference between the other program's samples and torch's.

    Raises:
        CannotExport: it is more than rounding can explain.
    """
    assert callable(other)
    z = generator.latents(CHECKED, CHECKED_SEED)
    expected = generator(z)
    found = torch.as_tensor(other(z))
    scale = max(1.0, float(generator.untransformed(z).abs().max()))
    largest = generator.distance(found, expected) / scale if found.shape == expected.shape else float("inf")
    if not largest <= MOST_DIFFERENCE:
        raise CannotExport(f"The exported network differs from torch by {largest:.1e}: please report this.")
    return f"largest difference from torch over {CHECKED} samples: {largest:.1e}"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
