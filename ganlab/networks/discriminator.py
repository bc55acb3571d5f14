"""What every discriminator can be asked: its verdict, and what it made of a sample on the way there."""

from __future__ import annotations

from torch import Tensor, nn


class Discriminator(nn.Sequential):
    """Layers that end in a last weighted one and the removal of its dimension: x (batch, *shape) -> logits (batch,)."""

    def features(self, x: Tensor) -> Tensor:
        """The activations before the last weighted layer, (batch, ...)."""
        *hidden, _, _ = self
        for layer in hidden:
            x = layer(x)
        return x

    def respond(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (batch,) and features (batch, ...), in one pass."""
        features = self.features(x)
        *_, last, flatten = self
        return flatten(last(features)), features
