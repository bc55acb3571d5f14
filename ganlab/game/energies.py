"""Games in which D is an autoencoder: the energy of a sample is how badly D reconstructs it.

D's logits are minus energies, so that here too the higher one counts as the more real; `real` and `fake` are
those of a batch of real and of generated samples, both of shape (batch,).
"""

from __future__ import annotations

import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float32]


def energy(x: Tensor, reconstruction: Tensor) -> Tensor:
    """E(x) of each sample, (batch,): the mean squared error of its reconstruction, over all coordinates."""
    return (x - reconstruction).flatten(1).square().mean(1)


def energy_d(real: Tensor, fake: Tensor, margin: float = 1.0) -> Tensor:
    """Lower the energy of real samples, and raise that of generated ones as far as the margin."""
    return -real.mean() + F.relu(margin + fake).mean()


def energy_g(fake: Tensor, _: Tensor | None = None) -> Tensor:
    """Lower the energy of generated samples."""
    return -fake.mean()


def began_d(real: Tensor, fake: Tensor, k: Tensor | float = 1.0) -> Tensor:
    """Reconstruct real samples well, and generated ones badly by as much as k says."""
    return -real.mean() + (k * fake).mean()


def next_k(k: Tensor, real: Tensor, fake: Tensor, gamma: float, rate: float) -> Tensor:
    """k for D's next update: more if generated samples have less than gamma times the energy of real ones."""
    return (k + rate * (fake.mean() - gamma * real.mean())).clamp(0, 1)


def convergence(real: Floats, fake: Floats, gamma: float) -> Floats:
    """M = E(x) + |gamma E(x) - E(G(z))| of mean logits: low only if D reconstructs well and the game is balanced."""
    return np.abs(fake - np.float32(gamma) * real) - real
