"""The algorithm where G is asked for a class or given codes: conditional GANs, AC-GAN and InfoGAN."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.experiment import Experiment, has_codes
from ganlab.experiment.codes import GeneratorInput, parts
from ganlab.latent import draw_latents
from ganlab.networks.conditional import ConditionalDiscriminator, FixedClassDiscriminator
from ganlab.networks.conditioning import category_information, class_loss, dial_information
from ganlab.training.objective import generator_objective
from ganlab.training.trainer import Measurements, Trainer


class ConditionalTrainer(Trainer):
    """A Trainer whose generated batches have the classes of the real ones, so that D(x, y) compares like with like."""

    discriminator: ConditionalDiscriminator

    def iterate(self) -> Measurements:
        """One iteration: n_critic updates of D, then one of G, as in Algorithm 1 (Goodfellow et al. 2014)."""
        for _ in range(self.experiment.n_critic - 1):
            real, inputs = self._batch()
            with torch.no_grad():
                fake = self.generator(inputs)
            self._update_conditional_d(real, fake, parts(inputs, self.experiment))
        real, inputs = self._batch()
        fake, asked = self.generator(inputs), parts(inputs, self.experiment)
        measured_d = self._update_conditional_d(real, fake.detach(), asked)
        measured_g = self._update_conditional_g(real, fake, asked)
        return measured_d | measured_g

    def _iterate_d(self) -> Measurements:
        """One update of the discriminator alone."""
        real, inputs = self._batch()
        with torch.no_grad():
            fake = self.generator(inputs)
        return self._update_conditional_d(real, fake, parts(inputs, self.experiment))

    def _iterate_g(self) -> Measurements:
        """One update of the generator alone."""
        real, inputs = self._batch()
        return self._update_conditional_g(real, self.generator(inputs), parts(inputs, self.experiment))

    def _update_conditional_d(self, real: Tensor, fake: Tensor, asked: GeneratorInput) -> Measurements:
        """Teach D to tell real from fake of the same class, and to name classes and codes."""
        real, fake = self._seen(real), self._seen(fake)
        D = FixedClassDiscriminator(self.discriminator, asked.y)
        (real_logits, real_features), (fake_logits, fake_features) = D.respond(real), D.respond(fake)
        loss = self._discriminator_loss(real_logits, fake_logits)
        penalty = self._penalty(D, real, fake, real_logits, fake_logits)
        naming = naming_loss(self.experiment, self.discriminator, fake_features, asked)
        if self.experiment.condition == "auxiliary":
            naming = naming + class_loss(self.discriminator.class_logits(real_features), asked.y)
        norm = self._descend_d(self.d.gradient(loss + penalty + naming))
        return {"loss_d": loss, "penalty": penalty, **self._scores(real_logits, fake_logits), "grad_norm_d": norm}

    def _update_conditional_g(self, real: Tensor, fake: Tensor, asked: GeneratorInput) -> Measurements:
        """Teach G to make samples that D calls real in their class, and can name."""
        of_real, of_fake = self._responses(FixedClassDiscriminator(self.discriminator, asked.y), real, fake)
        loss, objective = generator_objective(self.experiment, self.loss, of_real, of_fake)
        naming = naming_loss(self.experiment, self.discriminator, of_fake[1], asked)
        norm = self._descend_g(self.g.gradient(self._with_history(objective) + naming))
        return {"loss_g": loss, "grad_norm_g": norm}

    def _batch(self) -> tuple[Tensor, Tensor]:
        """Real samples, and inputs of G that ask for the same classes."""
        e, classes = self.experiment, None
        if e.condition == "none":
            real = self._real()
        else:
            batch = self.sampler.next_labelled(e.batch_size)
            real, classes = (part.to(self.device, non_blocking=True) for part in batch)
        return real, draw_latents(e.batch_size, e, self.chance["latents"], classes)


def naming_loss(e: Experiment, D: ConditionalDiscriminator, features: Tensor, asked: GeneratorInput) -> Tensor:
    """What both players pay where D can't name the class, or the codes, that generated samples were made from."""
    loss = features.new_zeros(())
    if e.condition == "auxiliary":
        loss = loss + class_loss(D.class_logits(features), asked.y)
    if has_codes(e):
        logits, means = D.codes(features)
        if e.info_categories:
            loss = loss - e.info_weight * category_information(logits, asked.category)
        if e.info_continuous:
            loss = loss - e.info_weight * dial_information(means, asked.dials)
    return loss
