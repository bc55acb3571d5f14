"""What D is shown in place of images as they are, against what each change promises."""

import math

import pytest
import torch

from ganlab.game.augmentation import AUGMENTATIONS, colour, copies, cutout, packed, sometimes, translation


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images(n: int = 64, channels: int = 3, size: int = 16) -> torch.Tensor:
    return torch.randn(n, channels, size, size, dtype=torch.float64, generator=rng(9))


every_change = pytest.mark.parametrize("name", AUGMENTATIONS)


@every_change
@pytest.mark.parametrize("size", [8, 28])
def test_changes_keep_the_shape_draw_from_their_generator_and_let_gradients_through(name: str, size: int) -> None:
    x = images(8, 1, size).requires_grad_()
    before = torch.get_rng_state()
    changed = AUGMENTATIONS[name](x, rng())
    assert torch.equal(torch.get_rng_state(), before)
    assert changed.shape == x.shape
    assert torch.equal(changed, AUGMENTATIONS[name](x, rng()))
    assert not torch.equal(changed, AUGMENTATIONS[name](x, rng(1)))
    assert torch.autograd.grad(changed.sum(), x)[0].any()
    assert AUGMENTATIONS[name](x[:1], rng()).isfinite().all()


@every_change
def test_changes_are_linear_or_affine_so_their_gradient_is_exact(name: str) -> None:
    small = images(2, 2, 8).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: AUGMENTATIONS[name](x, rng()), (small,))


def test_colour_scales_about_the_mean_within_its_bounds() -> None:
    x = images(2000, 3, 8)
    y = colour(x, rng())
    brightness = (y - x).mean(dim=(1, 2, 3))
    assert -0.5 <= brightness.min() < -0.48 < 0.48 < brightness.max() <= 0.5
    grey_x, grey_y = (t.mean(dim=1) - t.mean(dim=(1, 2, 3))[:, None, None] for t in (x, y))
    contrast = (grey_x * grey_y).sum((1, 2)) / grey_x.square().sum((1, 2))
    assert 0.5 <= contrast.min() < 0.52 < 1.48 < contrast.max() <= 1.5
    hue_x, hue_y = (t - t.mean(dim=1, keepdim=True) for t in (x, y))
    saturation = (hue_x * hue_y).sum((1, 2, 3)) / hue_x.square().sum((1, 2, 3)) / contrast
    assert 0 <= saturation.min() < 0.04 < 1.96 < saturation.max() <= 2
    assert saturation.mean().item() == pytest.approx(1, abs=4 * 2 / math.sqrt(12 * 2000))


def test_translation_shifts_by_whole_pixels_and_fills_with_grey() -> None:
    x = torch.zeros(500, 1, 16, 16)
    x[:, :, 8, 5] = 1
    found = translation(x, rng()).nonzero()
    shifts = found[:, 2:] - torch.tensor([8, 5])
    assert len(found) == 500
    assert set(map(tuple, shifts.tolist())) == {(dy, dx) for dy in range(-2, 3) for dx in range(-2, 3)}
    shifted = translation(torch.ones(100, 1, 16, 16), rng())
    assert shifted.min() == 0
    assert shifted.mean() > (14 / 16) ** 2


def test_cutout_blanks_one_square_of_half_the_side() -> None:
    blank = (cutout(torch.ones(1000, 1, 16, 16), rng()) == 0)[:, 0]
    rows, columns = blank.any(2).sum(1), blank.any(1).sum(1)
    assert torch.equal(blank.sum((1, 2)), rows * columns)
    assert rows.max() == columns.max() == 8
    assert rows.min() == columns.min() == 4  # its centre is at the very edge
    assert blank.any(0).all()


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_sometimes_is_as_often_as_asked_and_of_whole_images(p: float) -> None:
    x = torch.zeros(2000, 1, 2, 2)
    y = sometimes(lambda x, _: x + 1, x, torch.tensor(p), rng())
    changed = y.flatten(1)
    assert torch.equal(changed, changed[:, :1].expand(-1, 4))
    assert changed[:, 0].mean().item() == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / 2000) + 1e-9)


@pytest.mark.parametrize("shape", [(2,), (3, 4, 4)])
def test_packs_hold_samples_in_a_row_and_copies_the_same_one(shape: tuple[int, ...]) -> None:
    x = torch.randn(12, *shape, generator=rng())
    packs = packed(x, 3)
    assert packs.shape == (4, 3 * shape[0], *shape[1:])
    assert torch.equal(packs[1], torch.cat([x[3], x[4], x[5]]))
    same = copies(x, 3)
    assert same.shape == (12, 3 * shape[0], *shape[1:])
    assert torch.equal(same[7], torch.cat([x[7]] * 3))
    assert torch.equal(packed(x.repeat_interleave(3, dim=0), 3), same)
