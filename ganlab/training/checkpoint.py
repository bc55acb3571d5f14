"""A run's whole state as one safetensors file, so that it resumes to the same bits. Nothing is pickled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ganlab.experiment import Experiment, ExperimentError
from ganlab.training.build import build_trainer
from ganlab.training.memory import MethodMemory
from ganlab.training.optimizers import step_device
from ganlab.training.tensor_file import DamagedFileError, read_tensors, write_tensors
from ganlab.training.trainer import Trainer

FORMAT = "ganlab-checkpoint-1"
NETWORKS = ("generator", "discriminator", "encoder", "ema")  # the parts of a state that are weights and buffers
FORMER_NAMES = {"memory_balance.k": "memory_loss.began"}  # of tensors in checkpoints of older versions
SOURCE = ("data", "own_data", "image_size")  # the fields that decide which samples there are


def state_of(trainer: Trainer) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Everything that the next step depends on: copied tensors by name, and plain values.

    Weights and buffers of both networks and of the average, both optimisers, what methods remember,
    every source of chance and the sampler's place in the data.
    """
    tensors: dict[str, Tensor] = {}
    for role, network in trainer.networks.items():
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
    tensors = {FORMER_NAMES.get(name, name): value for name, value in tensors.items()}
    for role, network in trainer.networks.items():
        network.load_state_dict(_under(role, tensors))
    for role, optimizer, theta in _optimizers(trainer):
        state = _under(f"optimizer_{role}", tensors)
        optimizer.state[theta] = {
            name: value.to(step_device(optimizer, theta) if name == "step" else theta.device, copy=True)
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


def restore_what_fits(trainer: Trainer, tensors: dict[str, Tensor], plain: dict[str, Any]) -> dict[str, str]:
    """Restore the parts of a state that fit a trainer of another Experiment. The others stay as they were built.

    Returns why each part stayed, by its name in the state. If neither network fits, nothing is restored: the
    trainer is one at iteration 0.
    """
    fresh = _what_does_not_fit(trainer, tensors, Experiment.of(**plain["experiment"]))
    if "model" in fresh or {"generator", trainer.partner} <= fresh.keys():
        return fresh
    own, own_plain = state_of(trainer)
    merged = {name: value for name, value in own.items() if _part(name) in fresh or _part(name) == "chance"}
    merged |= {name: value for name, value in tensors.items() if _part(name) not in fresh}
    if fresh.pop("ema", None) is not None:  # an average begins at what it is the average of
        merged |= {f"ema.{name}": value for name, value in _under("generator", merged).items()}
    places = own_plain if "sampler" in fresh else plain
    restore(trainer, merged, places | {"iteration": plain["iteration"]})
    return fresh


def _what_does_not_fit(trainer: Trainer, tensors: dict[str, Tensor], before: Experiment) -> dict[str, str]:
    """The parts of the state that another trainer can't take over, each with the reason.

    A network fits if its weights and buffers have the same names and shapes, an optimiser if it is of the same
    kind and its network fits.
    """
    now = trainer.experiment
    if before.model != now.model:
        return {"model": "a GAN and a VAE learn and measure different things"}
    fresh: dict[str, str] = {}
    for role, network in trainer.networks.items():
        mine, theirs = network.state_dict(), _under(role, tensors)
        if mine.keys() != theirs.keys() or any(mine[name].shape != theirs[name].shape for name in mine):
            fresh[role] = "its layers have other shapes"
    for role, network_role in (("g", "generator"), ("d", trainer.partner)):
        if network_role in fresh:
            fresh |= dict.fromkeys((f"optimizer_{role}", f"memory_history_{role}"), "its network is new")
        elif getattr(before, f"optimizer_{role}") != getattr(now, f"optimizer_{role}"):
            fresh[f"optimizer_{role}"] = "it is of another kind"
    there = _under("chance", tensors)  # older versions had fewer sources
    if any(there[name].shape != source.get_state().shape for name, source in trainer.chance.items() if name in there):
        fresh["chance"] = "the device is another"
    if any(getattr(before, name) != getattr(now, name) for name in SOURCE):
        fresh["sampler"] = "the data are others"
    if before.seed != now.seed:
        fresh |= dict.fromkeys(("chance", "sampler"), "the seed is another")
    return fresh


def save(trainer: Trainer, path: Path) -> Path:
    """Write the trainer's state to `path`; a reader never sees half a file."""
    tensors, plain = state_of(trainer)
    write_tensors(tensors, path, {"format": FORMAT, "state": json.dumps(plain)})
    return path


def load_trainer(path: Path) -> Trainer:
    """The Trainer whose state `save` wrote.

    Raises:
        ExperimentError: the file is no GanLab checkpoint, or its Experiment can't run here.
    """
    try:
        tensors, metadata = read_tensors(path)
    except DamagedFileError as error:
        raise ExperimentError(f"{path.name} can't be read as a checkpoint: {error}.") from None
    if metadata.get("format") != FORMAT:
        raise ExperimentError(f"{path.name} holds weights, but is not a checkpoint that GanLab wrote.")
    plain = json.loads(metadata["state"])
    trainer = build_trainer(Experiment.of(**plain["experiment"]))
    restore(trainer, tensors, plain)
    return trainer


def _optimizers(trainer: Trainer) -> tuple[tuple[str, torch.optim.Optimizer, Tensor], ...]:
    return (("g", trainer.optimizer_g, trainer.g.theta), ("d", trainer.optimizer_d, trainer.d.theta))


def _memories(trainer: Trainer) -> dict[str, MethodMemory]:
    averages = {f"history_{role}": average for role, average in trainer.averages.items()}
    return {"lecam": trainer.anchors, "augmentation": trainer.seen.probability, "loss": trainer.remembered, **averages}


def _part(name: str) -> str:
    """Which part of a trainer a tensor of its state belongs to."""
    return name.partition(".")[0]


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix + "."): t for name, t in tensors.items() if name.startswith(prefix + ".")}
