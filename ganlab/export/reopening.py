"""Turns exported weights and checkpoints into a state from which a new run can go on."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from ganlab import data
from ganlab.experiment import Experiment, ExperimentError, bounds
from ganlab.export.generator import WEIGHTS_FORMAT
from ganlab.runs.checkpoint import Checkpoint
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import FORMAT, state_of
from ganlab.training.history import SCALARS_OF
from ganlab.training.tensor_file import DamagedFileError, read_tensors

DAMAGED = "This checkpoint is damaged, so it can't be opened: choose another one."


def reopened(path: Path) -> tuple[Experiment, Checkpoint]:
    """Returns the experiment and its state. Exported weights give a trained G and a new D.

    Raises:
        ExperimentError: it is another file, is damaged, or its data are not here.
    """
    try:
        tensors, metadata = read_tensors(path)
    except DamagedFileError:
        raise ExperimentError("This file can't be read: choose a .safetensors file that GanLab wrote.") from None
    match metadata.get("format"):
        case str(name) if name == FORMAT:
            experiment, plain = _described(metadata)
            _check(_with_data(experiment), tensors)
        case str(name) if name == WEIGHTS_FORMAT:
            experiment = _with_data(Experiment.from_json(metadata.get("experiment", "")))
            tensors, plain = _beginning(experiment, tensors)
        case _:
            raise ExperimentError(
                "GanLab did not write these weights: choose a generator.safetensors that was exported, or a "
                "checkpoint.safetensors that `ganlab train` wrote."
            )
    # Scalars stay where the run was; in a history they count as not measured.
    none = np.full((int(plain["iteration"]), len(SCALARS_OF[experiment.model])), np.nan, np.float32)
    return experiment, Checkpoint(tensors, plain, none, defaultdict(tuple), 0.0)


def _described(metadata: dict[str, str]) -> tuple[Experiment, dict[str, Any]]:
    """The experiment and the plain values in a checkpoint's notes."""
    try:
        plain = json.loads(metadata["state"])
        experiment, iteration = Experiment.of(**plain["experiment"]), int(plain["iteration"])
    except ExperimentError:
        raise
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise ExperimentError(DAMAGED) from None
    if not 0 <= iteration <= bounds("max_steps")[1]:
        raise ExperimentError(DAMAGED)
    return experiment, plain


def _check(experiment: Experiment, tensors: dict[str, Tensor]) -> None:
    """Refuse a checkpoint that lacks what every state of the experiment has, or has it in another shape."""
    for name, value in state_of(build_trainer(experiment))[0].items():
        of_chance = name.startswith("chance.")  # its length depends on the device
        if name not in tensors or (tensors[name].shape != value.shape and not of_chance):
            raise ExperimentError(DAMAGED)


def _with_data(experiment: Experiment) -> Experiment:
    if not data.is_here(experiment):
        raise ExperimentError(
            "The data that these weights were trained on are not on this computer: choose or add them on the Train "
            "page first."
        )
    return experiment


def _beginning(experiment: Experiment, weights: dict[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, object]]:
    """The state of an untrained run, with these weights in its generator and in the average."""
    trainer = build_trainer(experiment)
    tensors, plain = state_of(trainer)
    own = trainer.generator.state_dict()
    if own.keys() != weights.keys() or any(own[name].shape != weights[name].shape for name in own):
        raise ExperimentError("The weights in this file do not fit the generator that it describes.")
    for role in ("generator", *(["ema"] if trainer.ema is not None else [])):
        tensors |= {f"{role}.{name}": value.clone() for name, value in weights.items()}
    return tensors, plain
