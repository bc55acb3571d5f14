"""A convolutional autoencoder as the discriminator: what BEGAN plays with (Berthelot et al. 2017)."""

from __future__ import annotations

from torch import nn

from ganlab.experiment.choices import Activation, Norm
from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.autoencoder import Autoencoder
from ganlab.networks.dcgan import DCGANDiscriminator, DCGANGenerator, doublings, first_size


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


ARCHITECTURE = Architecture(
    title="Convolutional autoencoder",
    reference="Berthelot et al. 2017, BEGAN: Boundary Equilibrium Generative Adversarial Networks; "
    "theirs upsample and use ELU, ours are DCGAN's",
    intuition="A DCGAN's D reduces the image to a code, and a DCGAN's G makes an image of it again: you can look at "
    "what D expects to see.",
    discriminator=Player(
        ConvAutoencoderDiscriminator,
        lambda e, shape: (shape, e.d_channels, e.d_code, e.d_activation, e.d_norm),
        blocks=(Autoencoder, DCGANDiscriminator, DCGANGenerator),
    ),
)
