"""The generator's weights as safetensors, with the experiment beside them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch

from ganlab.export.files import CannotExport
from ganlab.export.generator import WEIGHTS_FORMAT, load_generator
from ganlab.export.trained_run import TrainedRun
from ganlab.training.tensor_file import write_tensors

CHECKED = 64  # samples that are compared

SNIPPET = """\
from ganlab.export import load_generator
generator = load_generator("generator.safetensors")
samples = generator.sample(64, seed=0)  # (64, {shape}), {range}
"""


def write_weights(run: TrainedRun, folder: Path) -> str:
    """generator.safetensors and experiment.json; both are read again, and give the same samples to the bit."""
    generator = run.generator
    tensors = {name: value.contiguous() for name, value in generator.network.state_dict().items()}
    metadata = {
        "format": WEIGHTS_FORMAT,
        "experiment": run.experiment.to_json(),
        "shape": "x".join(map(str, generator.shape)),
        "iteration": str(run.iteration),
    }
    if generator.units is not None:
        metadata["units"] = json.dumps(asdict(generator.units))
    path = folder / "generator.safetensors"
    write_tensors(tensors, path, metadata)
    (folder / "experiment.json").write_text(run.experiment.to_json(), encoding="utf-8")
    if not torch.equal(load_generator(path).sample(CHECKED), generator.sample(CHECKED)):
        raise CannotExport("The weights that were read back give other samples: please report this.")
    return f"read back: {CHECKED} samples are the same to the last bit"


def snippet(shape: tuple[int, ...], *, images: bool) -> str:
    """Three lines of Python that load the file of a generator of samples of this shape."""
    return SNIPPET.format(shape=", ".join(map(str, shape)), range="in [-1, 1]" if images else "points")
