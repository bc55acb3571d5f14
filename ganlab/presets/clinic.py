"""The clinic: famous mistakes, each an Experiment that fails as published code does, and its fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ganlab.experiment import Experiment
from ganlab.presets.preset import Preset

POINTS: Mapping[str, Any] = {
    "data": "ring", "latent_dim": 2, "g_width": 64, "d_width": 64, "batch_size": 128, "r1_weight": 0.1,
    "lr_g": 2e-3, "lr_d": 2e-3, "ema_decay": 0.99,
}  # fmt: skip
DIGITS: Mapping[str, Any] = {
    "data": "digits", "latent_dim": 16, "g_width": 64, "d_width": 64, "batch_size": 64, "g_norm": "batch",
    "r1_weight": 0.5, "ema_decay": 0.99,
}  # fmt: skip
NO_MISTAKE: Mapping[str, Any] = {"mistake": "none"}


@dataclass(frozen=True)
class Case:
    """One mistake: what it is, how it shows, and how to fix it. One sentence each, two at most.

    `changes` holds the settings of the right Experiment that differ from the broken one.
    """

    name: str
    title: str
    explanation: str
    wrong: str
    watch: str
    why: str
    fix: str
    seen_in: str
    broken: Experiment
    changes: Mapping[str, Any]

    def fixed(self, experiment: Experiment) -> Experiment:
        """Returns this experiment without the mistake, and otherwise unchanged."""
        return experiment.changed(**self.changes)

    def has(self, experiment: Experiment) -> bool:
        """Whether the experiment makes this mistake."""
        return all(getattr(experiment, field) == getattr(self.broken, field) for field in self.changes)


_CASES = (
    Case(
        name="clinic-sigmoid-twice",
        title="Sigmoid into a loss of logits",
        explanation="D never says less than one half, whatever it is shown, and G gets next to no gradient. Why?",
        wrong="D ends in a sigmoid, but its loss expects logits and applies a sigmoid of its own.",
        watch="D(x) and D(G(z)) both go to one half and mostly stay there, the losses at 1.39 and 0.69; G's gradient "
        "fades.",
        why="A sigmoid of a sigmoid lies between 0.5 and 0.73. So D can't call anything generated, and learns to give "
        "all samples the same score. Its slope is then so flat that G learns nothing either.",
        fix="Let D end with its last dense layer or convolution. The loss takes logits and does the rest.",
        seen_in="Tutorials that copy D from one source and BCEWithLogitsLoss, or from_logits=True, from another.",
        broken=Experiment.of(**DIGITS, mistake="sigmoid_twice"),
        changes=NO_MISTAKE,
    ),
    Case(
        name="clinic-two-activations",
        title="ReLU followed by LeakyReLU",
        explanation="A LeakyReLU behind each ReLU looks twice as safe. But some units die. Watch G's gradient.",
        wrong="There is a ReLU directly before each LeakyReLU, so the LeakyReLU never sees a negative value.",
        watch="Some of D's units are dead: they give 0 for every sample. In the right run none is. With some seeds G's "
        "gradient norm lies far below that of the right run, or falls to nothing for good.",
        why="After a ReLU no value is negative, so the leak does nothing. A unit that is negative for every sample "
        "passes on no gradient and stops learning. A narrow, deep D soon has many such units.",
        fix="Put one activation after each layer. In D, use LeakyReLU: its slope is zero nowhere.",
        seen_in="Dense GANs in tutorials with layers such as Dense(activation='relu'), BatchNorm, LeakyReLU. BatchNorm "
        "makes two of three values negative again, but what the ReLU removed is lost.",
        broken=Experiment.of(
            **{**POINTS, "d_width": 8, "g_width": 8, "g_depth": 4, "d_depth": 4, "lr_g": 5e-3, "lr_d": 5e-3},
            mistake="two_activations",
        ),
        changes=NO_MISTAKE,
    ),
    Case(
        name="clinic-output-batch-norm",
        title="BatchNorm on G's output layer",
        explanation="The edges are black in every real digit, but here they flicker, and pixels leave [-1, 1]. Why?",
        wrong="BatchNorm follows G's tanh, so G's output itself is normalised over the batch.",
        watch="Speckles where real images are always black, and pixels far outside [-1, 1]; D(G(z)) stays low.",
        why="BatchNorm gives every pixel a spread over the batch, even a pixel that is black in all real images. "
        "And each sample then depends on the other samples of its batch.",
        fix="No normalisation after G's last layer, nor before D's first: Radford et al. 2016, section 3.",
        seen_in="Generators built in a loop that treats the last layer like all others.",
        broken=Experiment.of(**DIGITS, mistake="output_batch_norm"),
        changes=NO_MISTAKE,
    ),
    Case(
        name="clinic-wrong-sign",
        title="A wrong sign in D's loss",
        explanation="D's loss looks wonderful: it falls and falls, below zero and further. And the samples?",
        wrong="D minimises -log D(x) + log(1 - D(G(z))). The second sign should be a minus, too.",
        watch="D's loss falls without end, D calls all samples real, and G's loss and gradient are 0.",
        why="D's loss falls when D calls generated samples real, and it falls without limit. So D helps G: G has won "
            "before it has learned anything.",
        fix="Put a minus before both logarithms. Cross-entropy is never negative: a loss below 0 means a wrong sign.",
        seen_in="Articles that copy the minimax formula as code. The opposite mistake is mean D(x) + mean D(G(z)).",
        broken=Experiment.of(**POINTS, mistake="wrong_sign"),
        changes=NO_MISTAKE,
    ),
    Case(
        name="clinic-ones-for-both",
        title="G trained on D's labels for real",
        explanation="D learns that all is real, G aims at what D calls generated. Both labels are wrong; what happens?",
        wrong="D gets labels of ones for real and for generated samples, and G is trained towards zeros.",
        watch="D's loss goes to 0 and looks perfect, G's rises without end, and the samples shrink to a spot.",
        why="With one label for everything, D learns only to say real. G wants the other answer, and moves away from "
        "the data.",
        fix="D: ones for real and zeros for generated samples; G: ones for what it made.",
        seen_in="Tutorials that reuse one array of ones for train_on_batch of D and of G.",
        broken=Experiment.of(**POINTS, mistake="ones_for_both"),
        changes=NO_MISTAKE,
    ),
    Case(
        name="clinic-not-detached",
        title="Forgetting to detach",
        explanation="There is no error message, and D learns well. Only G hardly moves. What is wrong with its "
        "gradient?",
        wrong="D's backward pass goes on through the samples into G. It leaves a gradient there, and G's update adds "
        "it.",
        watch="D(x) moves away from D(G(z)) and stays there, while the samples stay together in the middle.",
        why="In the minimax game, D's loss is minus G's loss. So the gradient that D's backward pass leaves in G "
            "cancels G's own. Only the small change by D's last update remains.",
        fix="Give D the samples as fake.detach(), and clear G's gradients before G's own backward pass.",
        seen_in="Loops with one optimiser for both networks, or with zero_grad() once, at the top.",
        broken=Experiment.of(**POINTS, loss="minimax", mistake="not_detached"),
        changes=NO_MISTAKE,
    ),
    Case(
        name="clinic-noise-as-large-as-the-image",
        title="Noise as large as the image",
        explanation="256 random numbers for 256 pixels, into a dense layer: does more noise make better images?",
        wrong="z has as many numbers as the image has pixels, and a dense layer reads them all.",
        watch="G's number of parameters, and what one number of z does to an image: almost nothing.",
        why="Digits differ in about a dozen ways. G must learn to ignore the other numbers, and needs many weights for "
            "that. With flattened noise of 100x100x3 numbers, each unit would have 30,000 weights.",
        fix="Use a latent of 2 to 128 numbers: about as many as there are ways in which the data differ.",
        seen_in="Code that draws noise with the shape of an image, as a denoiser would need it.",
        broken=Experiment.of(**{**DIGITS, "image_size": 16, "latent_dim": 256, "g_norm": "none"}),
        changes={"latent_dim": 16},
    ),
    Case(
        name="clinic-unit-range",
        title="Real images in [0, 1] against tanh",
        explanation="All samples are grey where they should be black. Which range do the real images have?",
        wrong="Real images are scaled to [0, 1], while G ends in a tanh, whose range is [-1, 1].",
        watch="Samples on a grey ground that is never quite even, beside real images on black.",
        why="Black is now 0, in the middle of tanh's range, where tanh is steepest. G must hit this value exactly, "
        "while the end of the range would be easy to reach. And half of the range is never used.",
        fix="Scale real images to the range of G's last activation: x * 2 - 1 for tanh.",
        seen_in="ToTensor() without Normalize(0.5, 0.5); images divided by 255 and nothing else.",
        broken=Experiment.of(**DIGITS, mistake="unit_range"),
        changes=NO_MISTAKE,
    ),
    Case(
        name="clinic-mixed-batches",
        title="D's BatchNorm over mixed batches",
        explanation="D is right while it trains, and wrong when G uses it. What does BatchNorm tell D?",
        wrong="D, which has BatchNorm, is trained on real and generated samples in one batch.",
        watch="D(x) goes to 1 and D(G(z)) to 0, while G's loss is low, as if G were winning. The samples stay poor.",
        why="In a mixed batch, D compares each sample with the others, and the two kinds lie on two sides of the mean. "
        "When G is trained, D gets a batch of one kind, which looks quite different: so G learns from "
        "a D that was trained on other batches.",
        fix="Give D two batches, one of real and one of generated samples, or use no BatchNorm in D.",
        seen_in="Loops that concatenate both kinds to save a pass; number 4 of the tips in soumith/ganhacks.",
        broken=Experiment.of(
            **{**DIGITS, "g_norm": "none", "r1_weight": 0.0, "ema_decay": 0.0, "d_norm": "batch"},
            mistake="mixed_batches",
        ),
        changes=NO_MISTAKE,
    ),
    Case(
        name="clinic-rates-apart",
        title="Learning rates apart by 100x",
        explanation="Does a slow D help G to keep up? G moves far away long before D reacts.",
        wrong="D's learning rate is a hundredth of G's.",
        watch="The samples fly past the ring and out of the picture, and never settle on the ring.",
        why="G climbs D's slope while D hardly moves. G sees only this slope, and it leads away from the data until D "
            "has learned otherwise.",
        fix="Use learning rates of the same size. A factor of 2 to 4 is common, with the larger one for D.",
        seen_in="Attempts to slow down a D that wins. In Heusel et al. 2017 it is the other way round: D's rate is "
        "larger.",
        broken=Experiment.of(**{**POINTS, "lr_d": 2e-5}),
        changes={"lr_d": 2e-3},
    ),
    Case(
        name="clinic-one-weight-per-batch",
        title="One interpolation weight a batch",
        explanation="WGAN-GP checks D's slope at random points between real and generated samples. Here they are less "
        "random.",
        wrong="The penalty draws one epsilon for the whole batch instead of one for each sample.",
        watch="The penalty's curve is rougher than in the right run. This mistake is hard to see: the samples of both "
        "runs look alike.",
        why="The penalty's mean is the same, but each batch checks only one place between real and generated samples. "
        "So the penalty changes much from batch to batch.",
        fix="Draw an epsilon for each sample: torch.rand(len(real), 1), or (len(real), 1, 1, 1) for images.",
        seen_in="Copies of WGAN-GP that write torch.rand(1), or np.random.uniform() once.",
        broken=Experiment.of(
            **{**POINTS, "r1_weight": 0.0, "gp_weight": 0.1, "n_critic": 3, "lr_g": 5e-4, "lr_d": 1e-3},
            loss="wasserstein",
            mistake="one_weight_per_batch",
        ),
        changes=NO_MISTAKE,
    ),
)  # fmt: skip

CASES: Mapping[str, Case] = {case.name: case for case in _CASES}
PRESETS = tuple(
    Preset(case.name, f"Clinic: {case.title}", case.explanation, f"Seen in: {case.seen_in}", case.broken)
    for case in _CASES
)


def case_of(experiment: Experiment, preset: str | None) -> Case | None:
    """The case that an experiment is about: the one whose mistake it makes, else that of the preset it began as."""
    if experiment.mistake != "none":
        return next((case for case in _CASES if case.broken.mistake == experiment.mistake), None)
    return CASES.get(preset or "")
