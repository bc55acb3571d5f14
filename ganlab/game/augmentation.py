"""What D may be shown in place of single samples as they are: random changes of images, and packs of samples.

Each change is drawn for each image by itself, keeps the image's shape (batch, channels, height, width), and lets
gradients through, so that G learns through what D has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from ganlab.game.notes import Note

Augmentation = Callable[[Tensor, torch.Generator], Tensor]

TRANSLATION = 1 / 8  # farthest shift, as a share of the image's side
CUTOUT = 1 / 2  # side of the square that is blanked, likewise


def colour(x: Tensor, rng: torch.Generator) -> Tensor:
    """Random brightness (by up to 0.5), saturation (up to twofold) and contrast (0.5 to 1.5), in this order."""
    brightness, saturation, contrast = torch.rand(3, len(x), 1, 1, 1, generator=rng, device=rng.device).to(x)
    x = x + (brightness - 0.5)
    grey = x.mean(dim=1, keepdim=True)
    x = grey + 2 * saturation * (x - grey)
    return torch.lerp(x.mean(dim=(1, 2, 3), keepdim=True), x, 0.5 + contrast)


def translation(x: Tensor, rng: torch.Generator) -> Tensor:
    """Shift each image by whole pixels, up to an eighth of its side; what comes in is 0, the middle grey."""
    batch, _, height, width = x.shape
    reach = round(TRANSLATION * height), round(TRANSLATION * width)
    padded = F.pad(x, (reach[1], reach[1], reach[0], reach[0]))

    def shifted(side: int, reach: int) -> Tensor:
        """Where each row (or column) of the new image lies in the padded one, (batch, side)."""
        start = torch.randint(0, 2 * reach + 1, (batch, 1), generator=rng, device=rng.device).to(x.device)
        return start + torch.arange(side, device=x.device)

    image = torch.arange(batch, device=x.device)[:, None, None]
    rows, columns = shifted(height, reach[0])[:, :, None], shifted(width, reach[1])[:, None, :]
    return padded.permute(0, 2, 3, 1)[image, rows, columns].permute(0, 3, 1, 2)


def cutout(x: Tensor, rng: torch.Generator) -> Tensor:
    """Blank a square of half the image's side at a random place of each image, cut off at its edges."""
    batch, _, height, width = x.shape

    def inside(side: int) -> Tensor:
        centre = torch.randint(0, side + 1, (batch, 1), generator=rng, device=rng.device).to(x.device)
        pixel, reach = torch.arange(side, device=x.device)[None, :], round(CUTOUT * side) // 2
        return (pixel >= centre - reach) & (pixel < centre + reach)

    hole = inside(height)[:, None, :, None] & inside(width)[:, None, None, :]
    return x.masked_fill(hole, 0.0)


AUGMENTATIONS: Mapping[str, Augmentation] = {
    "augment_colour": colour,
    "augment_translation": translation,
    "augment_cutout": cutout,
}


def sometimes(change: Augmentation, x: Tensor, p: Tensor, rng: torch.Generator) -> Tensor:
    """Change each image with probability p, drawn for each image by itself (Karras et al. 2020, section 2.2)."""
    changed = torch.rand(len(x), 1, 1, 1, generator=rng, device=rng.device).to(x) < p
    return torch.where(changed, change(x, rng), x)


def packed(x: Tensor, m: int) -> Tensor:
    """m samples in a row as one, along coordinates or channels: (batch, c, ...) -> (batch / m, m c, ...)."""
    return x.reshape(len(x) // m, m * x.shape[1], *x.shape[2:])


def copies(x: Tensor, m: int) -> Tensor:
    """The pack of m copies of each sample, (batch, c, ...) -> (batch, m c, ...)."""
    return x.repeat(1, m, *[1] * (x.dim() - 2))


SEEN: Mapping[str, Note] = {
    "packing": Note(
        label="PacGAN",
        formula=r"D(x_1, \ldots, x_m), \quad x_i \text{ all real, or all generated}",
        reference="Lin et al. 2018, PacGAN: The Power of Two Samples in Generative Adversarial Networks",
        intuition="D judges m samples at once. It sees when they are too alike, so G pays for a collapse.",
        functions=(packed,),
    ),
    "augment:always": Note(
        label="DiffAugment",
        formula=r"D(T(x)) \text{ and } D(T(G(z))), \quad T \text{ random and differentiable}",
        reference="Zhao et al. 2020, Differentiable Augmentation for Data-Efficient GAN Training",
        intuition="D hardly ever sees the same image twice, so it can't learn a few images by heart. G's gradient "
        "passes through T.",
        functions=(colour, translation, cutout),
    ),
    "augment:adaptive": Note(
        label="Adaptive augmentation",
        formula=r"p \leftarrow p \pm \Delta, \quad \text{up while } r_t = \mathbb{E}_x[\operatorname{sign} D(x)] "
        r"\text{ is above its target}",
        reference="Karras et al. 2020, Training Generative Adversarial Networks with Limited Data, section 3",
        intuition="The surer D is of its training images, the more often they are changed; with enough data, hardly "
        "ever. GanLab uses the changes of DiffAugment.",
        functions=(sometimes, colour, translation, cutout),
    ),
}
