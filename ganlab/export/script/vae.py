"""The exported script's update of a VAE: a decoder G and an encoder E, which minimise the same loss."""

from __future__ import annotations

from itertools import chain

from ganlab.experiment import Experiment
from ganlab.export.script.source import SourceCode
from ganlab.game import elbo

ALONE = {"step_d": "encoder", "step_g": "decoder"}  # by the kind of the intervention

UPDATE = '''\
def {name}(x: Tensor, iteration: int) -> tuple[Tensor, Tensor]:
    """{about}; the two terms of the loss."""
    mean, log_variance = E(x)
    z = reparameterised(mean, log_variance, latent_chance)
    reconstruction = gaussian_nll(x, G(z), {std}).mean()
    kl = gaussian_kl(mean, log_variance).mean()
    optimizer_e.zero_grad(set_to_none=False)
    optimizer_g.zero_grad(set_to_none=False)
    (reconstruction + {weight} * kl).backward()
{steps}
    return reconstruction, kl'''


def vae_update(e: Experiment, sources: SourceCode, steps: dict[str, list[str]], alone: str | None) -> str:
    """Python that defines one update of both networks, or of one alone, whose `steps` come after the gradient."""
    sources.add(elbo.reparameterised, elbo.gaussian_nll, elbo.gaussian_kl)
    name, about = "update", "Raise the evidence lower bound of a batch (Kingma and Welling 2014, algorithm 1)"
    if alone:
        name, about = f"update_{ALONE[alone]}", f"The same for the {ALONE[alone]} alone"
        steps = {ALONE[alone]: steps[ALONE[alone]]}
    lines = "\n".join(chain.from_iterable(steps.values()))
    return UPDATE.format(name=name, about=about, std=e.decoder_std, weight=e.kl_weight, steps=lines)
