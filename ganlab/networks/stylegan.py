"""A small style-based generator: StyleGAN (Karras et al. 2019) with StyleGAN2's convolutions (Karras et al. 2020)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ganlab.experiment.choices import Activation
from ganlab.experiment.codes import input_dim
from ganlab.networks.architecture import Architecture, Player
from ganlab.networks.dcgan import doublings, first_size
from ganlab.networks.layers import activation
from ganlab.networks.scaled import LEAKY_RELU_GAIN, ScaledLinear, SelfDrawn

EPSILON = 1e-8  # as in the paper's equation 3


class StyleMapping(nn.Sequential):
    """Dense layers that turn z, scaled to one length for all, into a style (Karras et al. 2019, figure 1b).

    z (batch, latent_dim) -> w (batch, width)
    """

    def __init__(self, latent_dim: int, depth: int, width: int, act: Activation):
        layers: list[nn.Module] = []
        for inputs in (latent_dim, *[width] * (depth - 1)):
            layers += [ScaledLinear(inputs, width), activation(act)]
        super().__init__(*layers)

    def forward(self, z: Tensor) -> Tensor:
        x = z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + EPSILON)
        for layer in self:
            x = layer(x)
        return x


class ModulatedConv2d(SelfDrawn):
    """A convolution whose weights the style scales anew for each sample (Karras et al. 2020, equations 1 to 3).

    x (batch, inputs, height, width), w (batch, style_width) -> (batch, outputs, height, width). Scaling the input's
    channels, and then the output's, gives the same as weights of each sample's own, and is faster.
    """

    def __init__(self, inputs: int, outputs: int, kernel_size: int, style_width: int, *, demodulate: bool = True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.empty(outputs))
        self.style = ScaledLinear(style_width, inputs, gain=1.0, first_bias=1.0)
        self.demodulate = demodulate

    @torch.no_grad()
    def draw_(self, rng: torch.Generator) -> None:
        self.weight.normal_(0, self.weight[0].numel() ** -0.5, generator=rng)
        self.bias.zero_()

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        s = self.style(w)
        x = F.conv2d(x * s[:, :, None, None], self.weight, padding="same")  # equation 1: w'_ijk = s_i w_ijk
        if self.demodulate:
            norm = s.square() @ self.weight.square().sum(dim=(2, 3)).T  # (batch, outputs): sum over i, k of w'_ijk^2
            x = x * torch.rsqrt(norm + EPSILON)[:, :, None, None]  # equation 3
        return x + self.bias[:, None, None]


class Noise(SelfDrawn):
    """Adds the same noise to all channels, as strongly as was learnt (Karras et al. 2019, figure 1b).

    While training it is drawn anew for each sample; in eval mode it is always the same, so that a latent gives one
    image and nothing flickers on a walk between two.
    """

    fixed: Tensor

    def __init__(self, side: int, chance: torch.Generator) -> None:
        super().__init__()
        self.strength = nn.Parameter(torch.zeros(()))
        self.register_buffer("fixed", torch.zeros(1, 1, side, side))
        self.chance = chance

    @torch.no_grad()
    def draw_(self, rng: torch.Generator) -> None:
        self.fixed.normal_(generator=rng)

    def forward(self, x: Tensor) -> Tensor:
        noise = self.fixed
        if self.training:
            noise = torch.empty_like(x[:, :1]).normal_(generator=self.chance)
        return x + self.strength * noise


class StyledLayer(nn.Module):
    """Modulated convolution, noise, activation; the resolution is doubled before if asked for."""

    def __init__(
        self, inputs: int, outputs: int, side: int, style_width: int, act: Activation, chance: torch.Generator, up: bool
    ):
        super().__init__()
        self.up: nn.Module = nn.Upsample(scale_factor=2, mode="bilinear") if up else nn.Identity()
        self.convolution = ModulatedConv2d(inputs, outputs, kernel_size=3, style_width=style_width)
        self.noise, self.activation = Noise(side, chance), activation(act)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        x = self.activation(self.noise(self.convolution(self.up(x), w)))
        return LEAKY_RELU_GAIN * x  # demodulated maps have variance 1; what the activation takes is given back


class StyleMixing(nn.Module):
    """While training, gives later layers of a share of the samples another's style (Karras et al. 2019, section 3.1).

    w (batch, style_width) -> one such for each of the `count` layers. The other style is that of the batch's
    neighbour, and the layer from which it holds is drawn for each sample.
    """

    def __init__(self, share: float, chance: torch.Generator) -> None:
        super().__init__()
        self.share, self.chance = share, chance

    def forward(self, w: Tensor, count: int) -> list[Tensor]:
        if not self.training or self.share == 0:
            return [w] * count
        mixes, where = torch.rand(2, len(w), 1, device=w.device, generator=self.chance)
        start = torch.where(mixes < self.share, 1 + (where * (count - 1)).floor(), count)
        return [torch.where(layer < start, w, w.roll(1, dims=0)) for layer in range(count)]


class StyleGANGenerator(SelfDrawn):
    """A learnt constant that styles, not noise, turn into an image (Karras et al. 2020, figure 2d).

    z (batch, latent_dim) -> (batch, channels, size, size) in [-1, 1]
    """

    def __init__(
        self,
        latent_dim: int,
        shape: tuple[int, ...],
        depth: int,
        style_width: int,
        width: int,
        act: Activation,
        mixing: float,
        chance: torch.Generator,
    ):
        super().__init__()
        colours, size, _ = shape
        side, channels = first_size(size), width * 2 ** doublings(size)
        self.mapping = StyleMapping(latent_dim, depth, style_width, act)
        self.styles = StyleMixing(mixing, chance)
        self.constant = nn.Parameter(torch.empty(1, channels, side, side))
        layers = [StyledLayer(channels, channels, side, style_width, act, chance, up=False)]
        while side < size:
            side, channels = 2 * side, channels // 2
            layers += [
                StyledLayer(2 * channels, channels, side, style_width, act, chance, up=True),
                StyledLayer(channels, channels, side, style_width, act, chance, up=False),
            ]
        self.layers = nn.ModuleList(layers)
        self.to_image = ModulatedConv2d(width, colours, kernel_size=1, style_width=style_width, demodulate=False)

    @torch.no_grad()
    def draw_(self, rng: torch.Generator) -> None:
        self.constant.normal_(generator=rng)

    def forward(self, z: Tensor) -> Tensor:
        *styles, last = self.styles(self.mapping(z), count=len(self.layers) + 1)
        x = self.constant.expand(z.shape[0], -1, -1, -1)  # not len(z): a traced program would fix the batch's size
        for layer, w in zip(self.layers, styles, strict=True):
            x = layer(x, w)
        return torch.tanh(self.to_image(x, last))


ARCHITECTURE = Architecture(
    title="StyleGAN, small",
    reference="Karras et al. 2019, A Style-Based Generator Architecture; "
    "Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, equations 1 to 3",
    intuition="The latent is not turned into the image directly: at each resolution, it sets the style of the image.",
    generator=Player(
        StyleGANGenerator,
        lambda e, shape: (input_dim(e), shape, e.g_depth, e.g_width, e.g_channels, e.g_activation, e.style_mixing),
        draws=True,
        blocks=(StyleMapping, StyleMixing, StyledLayer, ModulatedConv2d, Noise),
    ),
)
