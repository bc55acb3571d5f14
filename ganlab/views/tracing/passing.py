"""What passes through G while an iteration is made: latents in, samples out, and the gradient that comes back."""

from __future__ import annotations

from types import TracebackType

import torch
from torch import Tensor, nn
from torch.func import functional_call

from ganlab.training.trainer import Trainer


class Passing:
    """Listens at G inside the block, and changes nothing.

    Attributes:
        z, fake: the batch of latents that G was given last, and its samples (batch, *shape).
        slopes: gradients for these samples, (batch, *shape), in the order in which they came back.
    """

    z: Tensor
    fake: Tensor

    def __init__(self, trainer: Trainer) -> None:
        self._generator, self._chance = trainer.generator, trainer.chance["networks"]
        self.slopes: list[Tensor] = []

    def __enter__(self) -> Passing:
        self._hooks = [
            self._generator.register_forward_pre_hook(self._goes_in),
            self._generator.register_forward_hook(self._comes_out),
        ]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for hook in self._hooks:
            hook.remove()

    @torch.no_grad()
    def once_more(self) -> Tensor:
        """G's samples of the same latents as it is now, with the same chance inside; leaves everything as it was."""
        state = self._chance.get_state()
        self._chance.set_state(self._state)
        try:
            buffers = {name: value.clone() for name, value in self._generator.named_buffers()}
            samples: Tensor = functional_call(self._generator, buffers, (self.z,))
        finally:
            self._chance.set_state(state)
        return samples

    def _goes_in(self, _: nn.Module, given: tuple[Tensor, ...]) -> None:
        self.z, self._state = given[0].detach(), self._chance.get_state()

    def _comes_out(self, _: nn.Module, __: tuple[Tensor, ...], samples: Tensor) -> None:
        self.fake = samples.detach()
        self.slopes.clear()
        if samples.requires_grad:
            samples.register_hook(self._comes_back)  # type: ignore[no-untyped-call]

    def _comes_back(self, slope: Tensor) -> None:
        self.slopes.append(slope.detach().clone())
