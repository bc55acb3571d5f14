"""What a page says about each architecture, and the classes whose source it shows."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass

from torch import nn

from ganlab.experiment.choices import Network
from ganlab.networks.attention import SelfAttention
from ganlab.networks.autoencoder import Autoencoder, AutoencoderDiscriminator, ConvAutoencoderDiscriminator
from ganlab.networks.cnn import CNNDiscriminator
from ganlab.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from ganlab.networks.dense import DenseDiscriminator, DenseGenerator
from ganlab.networks.dirac import LinearDiscriminator, PointGenerator, Slope
from ganlab.networks.dropout import Dropout
from ganlab.networks.mlp import MLPDiscriminator, MLPGenerator
from ganlab.networks.r3gan import Basis, GroupedBlock, R3GANDiscriminator, R3GANGenerator
from ganlab.networks.resnet import DownBlock, ResNetDiscriminator, ResNetGenerator, UpBlock
from ganlab.networks.stylegan import ModulatedConv2d, Noise, StyledLayer, StyleGANGenerator, StyleMapping, StyleMixing

Classes = tuple[type[nn.Module], ...]


@dataclass(frozen=True)
class NetworkNote:
    """`generator` and `discriminator` are the network's class and those of its blocks; empty: no such role."""

    title: str
    reference: str
    intuition: str
    generator: Classes = ()
    discriminator: Classes = ()


NETWORK_NOTES: Mapping[Network, NetworkNote] = {
    "mlp": NetworkNote(
        title="Multi-layer perceptron",
        reference="Goodfellow et al. 2014, Generative Adversarial Nets",
        intuition="Every unit sees everything: right for points, blind to which pixels are neighbours.",
        generator=(MLPGenerator,),
        discriminator=(MLPDiscriminator,),
    ),
    "dense": NetworkNote(
        title="Dense layers that widen",
        reference="Goodfellow et al. 2014, Generative Adversarial Nets; widths of most tutorials since",
        intuition="Still blind to neighbours, and most of its weights sit in the last layer, one row for each pixel.",
        generator=(DenseGenerator,),
        discriminator=(DenseDiscriminator,),
    ),
    "cnn": NetworkNote(
        title="Convolutional network with pooling",
        reference="LeCun et al. 1998, Gradient-Based Learning Applied to Document Recognition; "
        "Srivastava et al. 2014, Dropout",
        intuition="Filters find features, pooling keeps whether they are there and forgets exactly where.",
        discriminator=(CNNDiscriminator, Dropout),
    ),
    "dcgan": NetworkNote(
        title="Deep convolutional GAN",
        reference="Radford et al. 2016, Unsupervised Representation Learning with DCGANs",
        intuition="Small filters slide over the image, so what is learnt in one place serves everywhere.",
        generator=(DCGANGenerator,),
        discriminator=(DCGANDiscriminator,),
    ),
    "resnet": NetworkNote(
        title="Residual GAN",
        reference="Miyato et al. 2018, Spectral Normalization for GANs, appendix B.4; "
        "Zhang et al. 2019, Self-Attention GANs, equations 1 to 3",
        intuition="Each block only adds a correction to what it is given, so gradients pass many layers unharmed.",
        generator=(ResNetGenerator, UpBlock, SelfAttention),
        discriminator=(ResNetDiscriminator, DownBlock, SelfAttention),
    ),
    "r3gan": NetworkNote(
        title="R3GAN, small",
        reference="Huang et al. 2024, The GAN is dead; long live the GAN! A Modern Baseline GAN",
        intuition="With a loss that converges, no normalisation and no tricks: residual blocks that start as nothing.",
        generator=(R3GANGenerator, Basis, GroupedBlock),
        discriminator=(R3GANDiscriminator, GroupedBlock),
    ),
    "autoencoder": NetworkNote(
        title="Autoencoder",
        reference="Zhao et al. 2017, Energy-based Generative Adversarial Networks, section 2.3",
        intuition="It learns to reconstruct what is real, so what it reconstructs badly must be something else.",
        discriminator=(AutoencoderDiscriminator, Autoencoder),
    ),
    "conv_autoencoder": NetworkNote(
        title="Convolutional autoencoder",
        reference="Berthelot et al. 2017, BEGAN: Boundary Equilibrium Generative Adversarial Networks; "
        "theirs upsample and use ELU, ours are DCGAN's",
        intuition="A DCGAN's D down to a code and its G up again: what D expects to see can itself be looked at.",
        discriminator=(ConvAutoencoderDiscriminator, Autoencoder, DCGANDiscriminator, DCGANGenerator),
    ),
    "stylegan": NetworkNote(
        title="StyleGAN, small",
        reference="Karras et al. 2019, A Style-Based Generator Architecture; "
        "Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, equations 1 to 3",
        intuition="The latent does not become the image: it says at each resolution in which style it is painted.",
        generator=(StyleGANGenerator, StyleMapping, StyleMixing, StyledLayer, ModulatedConv2d, Noise),
    ),
    "point": NetworkNote(
        title="A point",
        reference="Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, section 2",
        intuition="All samples lie at one place, theta, and all that G can do is move it.",
        generator=(PointGenerator,),
    ),
    "linear": NetworkNote(
        title="A line through 0",
        reference="Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, section 2",
        intuition="One slope, psi: the sign says on which side D takes samples for real, the size how sure it is.",
        discriminator=(LinearDiscriminator, Slope),
    ),
}


def source(classes: Classes) -> str:
    """The Python of a network's classes, as it runs."""
    return "\n\n".join(inspect.getsource(network) for network in classes)
