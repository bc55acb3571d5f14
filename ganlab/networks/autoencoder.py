"""An autoencoder as the discriminator: what it reconstructs badly, it takes for generated (EBGAN, BEGAN)."""

from __future__ import annotations

import math

from torch import Tensor, nn

from ganlab.experiment.choices import Activation, Norm
from ganlab.game.energies import energy
from ganlab.networks.dcgan import DCGANDiscriminator, DCGANGenerator, doublings, first_size
from ganlab.networks.discriminator import Discriminator
from ganlab.networks.layers import activation, normalisation


class Autoencoder(Discriminator):
    """An encoder and a decoder, and how badly they reconstruct what they are given.

    x (batch, *shape) -> minus the energies (batch,): none is above 0, and the best reconstruction scores highest.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__(encoder, decoder)

    def forward(self, x: Tensor) -> Tensor:
        return self.respond(x)[0]

    def features(self, x: Tensor) -> Tensor:
        """The codes, (batch, code)."""
        encoder, _ = self
        codes: Tensor = encoder(x)
        return codes

    def respond(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Minus the energies (batch,), and the codes (batch, code)."""
        codes, (_, decoder) = self.features(x), self
        return -energy(x, decoder(codes)), codes


class AutoencoderDiscriminator(Autoencoder):
    """Dense layers down to a code and up again (Zhao et al. 2017, section 2.3)."""

    def __init__(self, shape: tuple[int, ...], depth: int, width: int, code: int, act: Activation, norm: Norm):
        inputs = math.prod(shape)
        ends: list[nn.Module] = [nn.Tanh(), nn.Unflatten(1, shape)] if len(shape) == 3 else []
        encoder = nn.Sequential(nn.Flatten(), *hidden(inputs, depth, width, act, norm), nn.Linear(width, code))
        decoder = nn.Sequential(*hidden(code, depth, width, act, norm), nn.Linear(width, inputs), *ends)
        super().__init__(encoder, decoder)


class ConvAutoencoderDiscriminator(Autoencoder):
    """A DCGAN's D down to a code, and its G up again: after Berthelot et al. 2017, whose own upsample and use ELU.

    x (batch, channels, size, size), in [-1, 1] as the reconstructions are.
    """

    def __init__(self, shape: tuple[int, ...], width: int, code: int, act: Activation, norm: Norm):
        _, size, _ = shape
        side, channels = first_size(size), width * 2 ** (doublings(size) - 1)
        *convolutions, _, _ = DCGANDiscriminator(shape, width, act, norm, "none")
        encoder = nn.Sequential(*convolutions, nn.Flatten(), nn.Linear(channels * side * side, code))
        super().__init__(encoder, DCGANGenerator(code, shape, width, act, norm))


def hidden(inputs: int, depth: int, width: int, act: Activation, norm: Norm) -> list[nn.Module]:
    """`depth` dense layers of this width, normalised but for the first."""
    layers: list[nn.Module] = [nn.Linear(inputs, width), activation(act)]
    for _ in range(depth - 1):
        layers += [nn.Linear(width, width), *normalisation(norm, width), activation(act)]
    return layers
