"""A VAE's encoder: a discriminator whose last layer says where in the latent space a sample lies."""

from __future__ import annotations

from torch import Tensor, nn

from ganlab.networks.discriminator import Discriminator


class Encoder(nn.Sequential):
    """The layers of `network`, the last one widened: x (batch, *shape) -> mean and log variance, (batch, latent_dim).

    Kingma and Welling 2014, Auto-Encoding Variational Bayes, equation 9 and appendix C.2.
    """

    def __init__(self, network: Discriminator, latent_dim: int) -> None:
        *hidden, last, _ = network
        super().__init__(*hidden, widened(last, 2 * latent_dim), nn.Flatten())

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        for layer in self:
            x = layer(x)
        mean, log_variance = x.chunk(2, dim=1)
        return mean, log_variance


def widened(last: nn.Module, outputs: int) -> nn.Module:
    """The layer that gives one number, made anew to give `outputs` of them."""
    if isinstance(last, nn.Conv2d):
        return nn.Conv2d(last.in_channels, outputs, kernel_size=last.kernel_size)  # type: ignore[arg-type]
    assert isinstance(last, nn.Linear)
    return nn.Linear(last.in_features, outputs)
