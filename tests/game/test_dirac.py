"""The Dirac-GAN: how each method's dynamics end, played with our own losses and penalties.

Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, sections 2 and 3. Data: a
point mass at 0. G: a point mass at theta. D(x) = psi x. Both start at distance 1 from the equilibrium (0, 0)
in either coordinate. The paper's psi has the opposite sign of ours, since its D scores generated samples
high: its start (1, 1) is our (1, -1). In a round of the alternating game G moves first, as there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganlab.game.losses import LOSSES
from ganlab.game.penalties import add_noise, clip_weights_, consensus, gradient_penalty, r1

STEP = 0.2
ROUNDS = 500
REAL = torch.zeros(1, 1, dtype=torch.float64)
State = tuple[float, float]  # theta, psi


class Line(nn.Module):
    """D(x) = psi x: x (batch, 1) -> logits (batch,)."""

    def __init__(self, psi: float) -> None:
        super().__init__()
        self.psi = nn.Parameter(torch.tensor(psi, dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        return self.psi * x.squeeze(1)


@dataclass
class Method:
    loss: str
    penalty: Callable[[nn.Module, Tensor, Tensor], Tensor] | None = None  # (D, real, fake)
    clip: float | None = None
    see: Callable[[Tensor], Tensor] = lambda x: x  # what D is shown of a sample
    consensus: float = 0.0

    def after(self, psi: float) -> float:
        """psi with the method's clipping applied."""
        if self.clip is None:
            return psi
        D = Line(psi)
        clip_weights_(D, self.clip)
        return D.psi.item()

    def gradients(self, state: State) -> State:
        """Of G's loss to theta, and of D's to psi."""
        theta, D = torch.tensor(state[0], dtype=torch.float64, requires_grad=True), Line(state[1])
        fake = theta.view(1, 1)
        real_logits, fake_logits = D(self.see(REAL)), D(self.see(fake))
        loss_g = LOSSES[self.loss].g(fake_logits, real_logits)
        loss_d = LOSSES[self.loss].d(real_logits, fake_logits)
        if self.penalty is not None:
            loss_d = loss_d + self.penalty(D, REAL, fake)
        if self.consensus > 0:
            (v_theta,) = torch.autograd.grad(loss_g, theta, create_graph=True)
            (v_psi,) = torch.autograd.grad(loss_d, D.psi, create_graph=True)
            unrest = self.consensus * consensus(v_theta, v_psi)
            loss_g, loss_d = loss_g + unrest, loss_d + unrest
        (by_theta,) = torch.autograd.grad(loss_g, theta, retain_graph=True)
        (by_psi,) = torch.autograd.grad(loss_d, D.psi)
        return by_theta.item(), by_psi.item()

    def simultaneous(self, state: State) -> State:
        by_theta, by_psi = self.gradients(state)
        return state[0] - STEP * by_theta, self.after(state[1] - STEP * by_psi)

    def alternating(self, state: State) -> State:
        theta = state[0] - STEP * self.gradients(state)[0]
        return theta, self.after(state[1] - STEP * self.gradients((theta, state[1]))[1])

    def path(self, order: str) -> list[State]:
        """The states after 0, 1, ... rounds of the "simultaneous" or the "alternating" game."""
        states = [(1.0, self.after(-1.0))]
        for _ in range(ROUNDS):
            states.append(getattr(self, order)(states[-1]))
        return states


def r1_of(gamma: float) -> Callable[[nn.Module, Tensor, Tensor], Tensor]:
    return lambda D, real, _: gamma / 2 * r1(D, real)


def gp_of(weight: float) -> Callable[[nn.Module, Tensor, Tensor], Tensor]:
    # The notebook's 0.7 multiplies the derivative of half the square: our weight is half of it.
    rng = torch.Generator().manual_seed(0)
    return lambda D, real, fake: weight / 2 * gradient_penalty(D, real, fake.detach(), rng)


@pytest.mark.parametrize(
    ("method", "simultaneous", "alternating"),
    [
        pytest.param(Method("minimax"), "3.10", "1.42", id="minimax spirals out or cycles"),
        pytest.param(Method("non_saturating"), "0.64", "0.28", id="non-saturating crawls"),
        pytest.param(Method("wasserstein", clip=1.0), "1.0", "1.02", id="WGAN does not converge"),
        pytest.param(Method("wasserstein", gp_of(0.7)), "1.80", "1.22", id="WGAN-GP does not converge"),
        pytest.param(Method("minimax", r1_of(0.3)), "2.6e-6", "2.3e-7", id="R1 converges linearly"),
        pytest.param(Method("minimax", r1_of(1.0)), "1e-21", "7e-17", id="critical R1 does not even rotate"),
    ],
)
def test_final_distances_are_those_of_the_papers_notebook(method: Method, simultaneous: str, alternating: str) -> None:
    for order, printed in (("simultaneous", simultaneous), ("alternating", alternating)):
        half_a_digit = 0.5 * 10.0 ** int(Decimal(printed).as_tuple().exponent)
        assert np.hypot(*method.path(order)[-1]) == pytest.approx(float(printed), rel=0, abs=half_a_digit)


def consensus_by_hand(state: State, curvature: float) -> State:
    """Of minimax with consensus 1 and f(t) = -log(1 + exp(-t)): how theta and the paper's psi move, written out.

    The regulariser is (theta^2 + psi^2) f'(psi theta)^2 / 2; `curvature` multiplies the term of its gradient with f''.
    """
    theta, psi = state
    slope = 1 / (1 + np.exp(psi * theta))
    bend = curvature * (psi**2 + theta**2) * slope * -slope * (1 - slope)
    return -psi * slope - (theta * slope**2 + psi * bend), theta * slope - (psi * slope**2 + theta * bend)


@pytest.mark.parametrize(("order", "printed"), [("simultaneous", "2e-10"), ("alternating", "1e-11")])
def test_consensus_converges(order: str, printed: str) -> None:
    """To the table's figure, less a slip in the notebook behind it: it halves the term with f'' (curvature 1/2)."""
    ends = {}
    for curvature in (0.5, 1.0):
        theta, psi = 1.0, 1.0
        for _ in range(ROUNDS):
            by_theta, by_psi = consensus_by_hand((theta, psi), curvature)
            theta += STEP * by_theta
            if order == "alternating":
                by_theta, by_psi = consensus_by_hand((theta, psi), curvature)
            psi += STEP * by_psi
        ends[curvature] = np.hypot(theta, psi)
    half_a_digit = 0.5 * 10.0 ** int(Decimal(printed).as_tuple().exponent)
    assert ends[0.5] == pytest.approx(float(printed), rel=0, abs=half_a_digit)
    ours = Method("minimax", consensus=1.0).path(order)[-1]
    assert np.hypot(*ours) == pytest.approx(ends[1.0], rel=1e-6)


def jacobian(rounds: Callable[[State], State]) -> np.ndarray:
    """Of one round at the equilibrium (0, 0)."""
    tiny = 1e-6
    return np.array([rounds((tiny, 0.0)), rounds((0.0, tiny))]).T / tiny


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.0])
def test_eigenvalues_with_r1_are_those_of_the_theory(gamma: float) -> None:
    # of the flow: -gamma/2 +- sqrt(gamma^2/4 - f'(0)^2) with f'(0) = 1/2; of a step: 1 + STEP times that
    root = np.sqrt(complex(gamma**2 / 4 - 1 / 4))
    expected = [1 + STEP * (-gamma / 2 + sign * root) for sign in (-1, 1)]
    eigenvalues = np.linalg.eigvals(jacobian(Method("minimax", r1_of(gamma)).simultaneous))
    # at the critical gamma = 1 both fall together, and rounding moves them by its square root
    np.testing.assert_allclose(np.sort_complex(eigenvalues), np.sort_complex(expected), atol=1e-5)
    if gamma == 0.3:
        assert abs(eigenvalues[0]) == pytest.approx(0.97468, abs=5e-6)


NOISE = 0.7
NOISY_SAMPLES = 1000  # as in the notebook


def noisy(seed: int) -> Method:
    rng = torch.Generator().manual_seed(seed)
    return Method("minimax", see=lambda x: add_noise(x.expand(NOISY_SAMPLES, 1), NOISE, rng))


def stationary_distance(*, alternating: bool) -> float:
    """Root mean square distance from (0, 0) that the sampling noise keeps up, from the game made linear there.

    G: theta' = theta + h psi / 2.  D: psi' = psi - h (theta / 2 + noise^2 psi / 2) + h e, where e is the mean of
    half the difference of two noises over the samples; the covariance C of (theta, psi) solves C = A C A' + Q.
    """
    move_g = np.array([[1, STEP / 2], [0, 1]])
    move_d = np.array([[1, 0], [-STEP / 2, 1 - STEP * NOISE**2 / 2]])
    A = move_d @ move_g if alternating else move_d + move_g - np.eye(2)
    Q = np.diag([0, STEP**2 * NOISE**2 / 2 / NOISY_SAMPLES])
    C = np.linalg.solve(np.eye(4) - np.kron(A, A), Q.ravel()).reshape(2, 2)
    return float(np.sqrt(np.trace(C)))


@pytest.mark.parametrize(("order", "printed"), [("simultaneous", 0.019), ("alternating", 0.010)])
def test_instance_noise_converges_to_the_sampling_noise(order: str, printed: float) -> None:
    expected = stationary_distance(alternating=order == "alternating")
    # The table's figure is the end of one run, a single draw: of two Gaussian coordinates with this root mean
    # square, 99 % lie between these bounds (Rayleigh's quantiles at 0.5 % and 99.5 %).
    assert expected * np.sqrt(-np.log(0.995)) < printed < expected * np.sqrt(-np.log(0.005))

    settled = 250  # rounds; the start's share has by then fallen below the noise
    squares = [np.square(noisy(seed).path(order)[settled:]).sum(axis=1) for seed in range(6)]
    # States some 40 rounds apart are independent: about 6 runs of 6 draws with two coordinates each, so that the
    # root mean square of 72 numbers is off by 1 / sqrt(144) = 8 %; three of those are allowed.
    assert np.sqrt(np.mean(squares)) == pytest.approx(expected, rel=0.25)
