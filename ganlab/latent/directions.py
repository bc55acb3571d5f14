"""Directions in latent space that mean something: found in G's weights, in its features, or by labels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from ganlab.networks.layers import ChannelsLast
from ganlab.networks.stylegan import StyleGANGenerator

CHUNK = 128  # latents that G answers together
MOVING = (nn.Flatten, nn.Unflatten, nn.Upsample, nn.Identity, ChannelsLast)  # numbers elsewhere, not other numbers


@dataclass(frozen=True, eq=False)
class Directions:
    """Directions of length 1 in latent space, (n, latent_dim), the most important first.

    Attributes:
        weights: how important each is, (n,): see where they come from.
    """

    vectors: Tensor
    weights: Tensor


def sefa(weight: Tensor, count: int) -> Directions:
    """The directions that a first layer's weights A (outputs, latent_dim) magnify most (Shen and Zhou 2021, eq. 4).

    Eigenvectors of A'A, no sample needed. Their weights are the eigenvalues, as shares of all.
    """
    values, vectors = torch.linalg.eigh((weight.T @ weight).cpu().double())  # some GPUs know no float64
    order = values.argsort(descending=True)[:count]
    return Directions(vectors[:, order].T.to(weight), (values[order] / values.sum()).to(weight))


def first_weight(generator: nn.Module, latent_dim: int) -> Tensor:
    """The weights (outputs, latent_dim) of the first layer that sees the latent.

    Raises:
        ValueError: the generator does not begin with a dense layer.
    """
    for weight in generator.parameters():
        if weight.dim() == 2 and weight.shape[1] == latent_dim:
            return weight.detach()
    raise ValueError("SeFa needs a generator whose first layer is dense, and the first layer of this one is not.")


def ganspace(latents: Tensor, features: Tensor, count: int) -> Directions:
    """The latent directions of the features' principal components (Härkönen et al. 2020, section 3.2).

    latents (n, latent_dim) and what G's early layer makes of them (n, values). The components' coordinates x are
    regressed on: the directions u minimise the sum of |u x - z|^2. Their weights are the shares of the features'
    variance that the components explain.
    """
    from sklearn.decomposition import PCA  # takes a second to import, for which training need not wait

    values = features.flatten(1).cpu().numpy()
    pca = PCA(min(count, latents.shape[1], *values.shape), svd_solver="randomized", random_state=0)
    x = pca.fit_transform(values)
    z = latents.cpu().numpy() - latents.cpu().numpy().mean(axis=0)
    u = np.linalg.lstsq(x, z, rcond=None)[0]
    vectors = torch.from_numpy(u / np.maximum(np.linalg.norm(u, axis=1, keepdims=True), 1e-12))
    return Directions(vectors.to(latents), torch.from_numpy(pca.explained_variance_ratio_).to(latents))


@torch.no_grad()
def first_features(generator: nn.Module, latents: Tensor) -> Tensor:
    """What comes out of G's first non-linearity; of a style-based generator, the style w. (n, values).

    Raises:
        ValueError: the generator has no non-linearity.
    """
    found: list[Tensor] = []
    with _overhearing(generator, found):
        for some in torch.split(latents, CHUNK):
            before = len(found)
            generator(some)
            del found[before + 1 :]  # later layers were overheard too
    if not found:
        raise ValueError("GANSpace needs a generator with a non-linearity, and this one has none.")
    return torch.cat(found)


@contextmanager
def _overhearing(generator: nn.Module, found: list[Tensor]) -> Iterator[None]:
    """Note the output of each layer that may be the first non-linearity, in the order in which they are asked."""

    def note(_: nn.Module, __: object, output: Tensor) -> None:
        found.append(output.flatten(1).clone())  # the next layer may work in place

    if isinstance(generator, StyleGANGenerator):
        layers: list[nn.Module] = [generator.mapping]
    else:
        layers = [layer for layer in generator.modules() if _is_non_linearity(layer)]
    hooks = [layer.register_forward_hook(note) for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _is_non_linearity(layer: nn.Module) -> bool:
    """Whether a layer changes numbers and has learnt nothing: whatever non-linearities networks are made of."""
    is_one_layer = not any(layer.children()) and not any(True for _ in layer.parameters())
    return is_one_layer and not isinstance(layer, MOVING)


def attribute_direction(latents: Tensor, has_it: Tensor) -> tuple[Tensor, float]:
    """The direction of length 1 towards the latents whose samples have an attribute, and how well it tells them.

    latents (n, latent_dim), has_it (n,) booleans, both kinds among them. It is the normal of logistic regression's
    boundary, as in InterFaceGAN (Shen et al. 2020, section 3.1, with a linear SVM). The second number is the area
    under the ROC curve (0.5 by chance, 1 at best) on a fifth of the latents that was held out.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import train_test_split

    z, y = latents.cpu().double().numpy(), has_it.cpu().numpy()
    learn_z, test_z, learn_y, test_y = train_test_split(z, y, test_size=0.2, random_state=0, stratify=y)
    boundary = LogisticRegression(class_weight="balanced", max_iter=200).fit(learn_z, learn_y)
    normal = torch.from_numpy(boundary.coef_[0]).to(latents)
    quality = float(roc_auc_score(test_y, boundary.decision_function(test_z)))
    return normal / torch.linalg.vector_norm(normal).clamp_min(1e-12), quality


def mean_difference(latents: Tensor, has_it: Tensor) -> Tensor:
    """The direction of length 1 from the mean latent without an attribute to the mean with it (Larsen et al. 2016)."""
    difference = latents[has_it].mean(dim=0) - latents[~has_it].mean(dim=0)
    direction: Tensor = difference / torch.linalg.vector_norm(difference).clamp_min(1e-12)
    return direction
