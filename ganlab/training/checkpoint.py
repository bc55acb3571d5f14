"""A run's whole state as one safetensors file, so that it resumes to the same bits. Nothing is pickled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from ganlab.experiment import Experiment, ExperimentError
from ganlab.training.memory import Memory
from ganlab.training.mistakes import build_trainer
from ganlab.training.trainer import Trainer

FORMAT = "ganlab-checkpoint-1"


def state_of(trainer: Trainer) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Everything that the next step depends on: copied tensors by name, and plain values.

    Weights and buffers of both networks and of the average, both optimisers, what methods remember,
    every source of chance and the sampler's place in the data.
    """
    tensors: dict[str, Tensor] = {}
    for role, network in _networks(trainer).items():
        for name, value in network.state_dict().items():
            tensors[f"{role}.{name}"] = value
    for role, optimizer, theta in _optimizers(trainer):
        for name, value in optimizer.state[theta].items():
            if value is not None:
                tensors[f"optimizer_{role}.{name}"] = torch.as_tensor(value)
    for name, source in trainer.chance.items():
        tensors[f"chance.{name}"] = source.get_state()
    for name, memory in _memories(trainer).items():
        for key, value in memory.state.items():
            tensors[f"memory_{name}.{key}"] = value
    plain = {"experiment": trainer.experiment.model_dump(), "iteration": trainer.iteration}
    for name, value in trainer.sampler.state_dict().items():
        if isinstance(value, Tensor):
            tensors[f"sampler.{name}"] = value
        else:
            plain[f"sampler.{name}"] = value
    return {name: value.detach().to("cpu", copy=True).contiguous() for name, value in tensors.items()}, plain


def restore(trainer: Trainer, tensors: dict[str, Tensor], plain: dict[str, Any]) -> None:
    """Put a trainer of the same Experiment back into the state that `state_of` gave."""
    for role, network in _networks(trainer).items():
        network.load_state_dict(_under(role, tensors))
    for role, optimizer, theta in _optimizers(trainer):
        state = _under(f"optimizer_{role}", tensors)
        optimizer.state[theta] = {
            name: value.clone() if name == "step" else value.to(theta.device, copy=True)
            for name, value in state.items()
        }
    for name, source in trainer.chance.items():
        source.set_state(tensors[f"chance.{name}"])
    for name, memory in _memories(trainer).items():
        memory.state = {
            key: value.to(trainer.device, copy=True) for key, value in _under(f"memory_{name}", tensors).items()
        }
    sampler_values = {key.removeprefix("sampler."): value for key, value in plain.items() if key.startswith("sampler.")}
    trainer.sampler.load_state_dict(sampler_values | _under("sampler", tensors))
    trainer.iteration = int(plain["iteration"])
    trainer.change()  # the optimisers' rates, as the schedule has them at this iteration


def save(trainer: Trainer, path: Path) -> Path:
    """Write the trainer's state to `path`; a reader never sees half a file."""
    tensors, plain = state_of(trainer)
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, metadata={"format": FORMAT, "state": json.dumps(plain)})
    partial.replace(path)
    return path


def save_weights(trainer: Trainer, path: Path) -> Path:
    """Write only the networks' weights and buffers to `path`: to look at, not to go on from."""
    tensors = {
        f"{role}.{name}": value.detach().to("cpu", copy=True).contiguous()
        for role, network in _networks(trainer).items()
        for name, value in network.state_dict().items()
    }
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, metadata={"experiment": trainer.experiment.to_json()})
    partial.replace(path)
    return path


def load_trainer(path: Path) -> Trainer:
    """The Trainer whose state `save` wrote.

    Raises:
        ExperimentError: the file is no GanLab checkpoint, or its Experiment can't run here.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
    except (SafetensorError, OSError) as error:
        raise ExperimentError(f"{path.name} can't be read as a checkpoint: {error}.") from None
    if metadata.get("format") != FORMAT:
        raise ExperimentError(f"{path.name} holds weights, but is not a checkpoint that GanLab wrote.")
    plain = json.loads(metadata["state"])
    trainer = build_trainer(Experiment.of(**plain["experiment"]))
    restore(trainer, tensors, plain)
    return trainer


def _networks(trainer: Trainer) -> dict[str, torch.nn.Module]:
    networks = {"generator": trainer.generator, "discriminator": trainer.discriminator}
    return networks | ({"ema": trainer.ema} if trainer.ema is not None else {})


def _optimizers(trainer: Trainer) -> tuple[tuple[str, torch.optim.Optimizer, Tensor], ...]:
    return (("g", trainer.optimizer_g, trainer.g.theta), ("d", trainer.optimizer_d, trainer.d.theta))


def _memories(trainer: Trainer) -> dict[str, Memory]:
    averages = {f"history_{role}": average for role, average in trainer.averages.items()}
    return {"lecam": trainer.anchors, "augmentation": trainer.seen.probability, **averages}


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix + "."): t for name, t in tensors.items() if name.startswith(prefix + ".")}
