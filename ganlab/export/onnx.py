"""The generator as an ONNX model, for any runtime that is not PyTorch."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch

from ganlab.experiment import Experiment
from ganlab.experiment.codes import widths
from ganlab.export.files import CannotExport
from ganlab.export.generator import TrainedGenerator
from ganlab.export.program import difference, traced, tracing
from ganlab.export.trained_run import TrainedRun

OPSET, IR_VERSION = 18, 8  # the oldest that torch's converter writes, and the file format that came out with it
READ_BY = f"opset {OPSET}, which onnxruntime 1.15 and later can read"


def write_onnx(run: TrainedRun, folder: Path) -> str:
    """generator.onnx: z (batch, input_dim) -> samples (batch, *shape), run in onnxruntime and compared."""
    import onnx
    import onnxruntime

    path = folder / "generator.onnx"
    with tracing():
        model = _converted(run)
        onnx.helper.set_model_props(model, description(run))
        onnx.checker.check_model(model)
        onnx.save(model, path)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        same = difference(run.generator, lambda z: session.run(None, {"z": z.numpy()})[0])
        return f"{same}; {READ_BY}"


def description(run: TrainedRun) -> dict[str, str]:
    """What somebody who has only the file must know, and the experiment."""
    generator = run.generator
    return {
        "title": "Generator trained with GanLab",
        "latent_dim": str(run.experiment.latent_dim),
        "input": input_layout(run.experiment),
        "latent_distribution": run.experiment.latent_distribution,
        "sample_shape": "x".join(map(str, generator.shape)),
        "value_range": "[-1, 1]" if generator.makes_images else "unbounded",
        **units(generator),
        "labels": ", ".join(run.labels),
        "iteration": str(run.iteration),
        "experiment": run.experiment.to_json(),
    }


def units(generator: TrainedGenerator) -> dict[str, str]:
    """How the samples' numbers follow from what the network gives, {} where they are the same."""
    return {} if generator.units is None else {
        "axes": ", ".join(generator.units.names), "units": f"value = centre + scale * x, for {generator.units}"
    }  # fmt: skip


def input_layout(e: Experiment) -> str:
    """The parts of an input, in order."""
    names = ("noise", "class (one-hot)", "category (one-hot)", "codes in [-1, 1]")
    return ", ".join(f"{width} numbers of {name}" for name, width in zip(names, widths(e), strict=True) if width)


def _converted(run: TrainedRun) -> Any:
    """The model as ONNX's own message, without traces of this computer."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    program = traced(run.generator)
    try:
        converted = torch.onnx.export(
            program, input_names=["z"], output_names=["samples"], opset_version=OPSET, verbose=False
        )
    except Exception as error:  # the converter raises errors of many kinds
        raise CannotExport(f"torch.onnx can't convert the network: {str(error).strip().splitlines()[0]}") from None
    assert converted is not None
    model = converted.model_proto
    model.ir_version = IR_VERSION
    for node in (*model.graph.node, *(node for function in model.functions for node in function.node)):
        del node.metadata_props[:]
    return model
