"""GAN training as a plain PyTorch tutorial writes it: the baseline that GanLab's loop is compared with.

In the style of pytorch/examples (dcgan/main.py) and PyTorch-GAN (implementations/gan/gan.py): Sequential
networks, Adam as it comes, a shuffling DataLoader over data in memory, BCEWithLogitsLoss against vectors of
ones and zeros, and the losses and scores read with `.item()` at every step. The maths is GanLab's own:
the same layers, initial weights' law, losses, batches and optimiser settings.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset


def mlps(latent_dim: int, width: int) -> tuple[nn.Module, nn.Module]:
    """A generator and a discriminator of points in the plane, two hidden layers each."""
    generator = nn.Sequential(
        nn.Linear(latent_dim, width),
        nn.ReLU(),
        nn.Linear(width, width),
        nn.ReLU(),
        nn.Linear(width, 2),
    )
    discriminator = nn.Sequential(
        nn.Linear(2, width),
        nn.LeakyReLU(0.2),
        nn.Linear(width, width),
        nn.LeakyReLU(0.2),
        nn.Linear(width, 1),
        nn.Flatten(0),
    )
    return generator, discriminator


def dcgans32(latent_dim: int, width: int) -> tuple[nn.Module, nn.Module]:
    """A DCGAN for 32x32 RGB images, with its initial weights N(0, 0.02)."""
    generator = nn.Sequential(
        nn.Linear(latent_dim, width * 4 * 4 * 4, bias=False),
        nn.Unflatten(1, (width * 4, 4, 4)),
        nn.BatchNorm2d(width * 4),
        nn.ReLU(True),
        nn.ConvTranspose2d(width * 4, width * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width * 2),
        nn.ReLU(True),
        nn.ConvTranspose2d(width * 2, width, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(True),
        nn.ConvTranspose2d(width, 3, 4, 2, 1),
        nn.Tanh(),
    )
    discriminator = nn.Sequential(
        nn.Conv2d(3, width, 4, 2, 1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(width, width * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width * 2),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(width * 2, width * 4, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width * 4),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(width * 4, 1, 4),
        nn.Flatten(0),
    )
    for layer in (*generator, *discriminator):
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.02)
    return generator, discriminator


def training(
    generator: nn.Module,
    discriminator: nn.Module,
    data: Tensor,
    *,
    latent_dim: int,
    batch_size: int,
    lr: float,
    betas: tuple[float, float],
) -> Iterator[None]:
    """Train for ever; one step each time the iterator is advanced."""
    loader = DataLoader(TensorDataset(data), batch_size=batch_size, shuffle=True)
    criterion = nn.BCEWithLogitsLoss()
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=lr, betas=betas)
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=lr, betas=betas)
    log: list[tuple[float, ...]] = []
    while True:
        for (real,) in loader:
            ones, zeros = torch.ones(len(real)), torch.zeros(len(real))

            # Discriminator: real samples to 1, generated ones to 0
            optimizer_d.zero_grad()
            output = discriminator(real)
            loss_real = criterion(output, ones)
            loss_real.backward()
            score_real = torch.sigmoid(output).mean().item()

            fake = generator(torch.randn(len(real), latent_dim))
            output = discriminator(fake.detach())
            loss_fake = criterion(output, zeros)
            loss_fake.backward()
            score_fake = torch.sigmoid(output).mean().item()
            optimizer_d.step()

            # Generator: its samples to 1
            optimizer_g.zero_grad()
            loss_g = criterion(discriminator(fake), ones)
            loss_g.backward()
            optimizer_g.step()

            log.append(((loss_real + loss_fake).item(), loss_g.item(), score_real, score_fake))
            yield
