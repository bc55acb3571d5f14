"""How good the generated samples are, in numbers."""

from ganlab.metrics.background import classifier_for, classifier_soon
from ganlab.metrics.distances import Manifolds, frechet_distance, kernel_distance, manifolds, sliced_wasserstein
from ganlab.metrics.divergences import Divergence, Divergences, divergences
from ganlab.metrics.features import Features, features_for, features_soon
from ganlab.metrics.modes import Coverage, mode_coverage, perfect_high_quality
from ganlab.metrics.stacked import StackedCoverage, digit_classifier, stacked_coverage

__all__ = [
    "Coverage", "Divergence", "Divergences", "Features", "Manifolds", "StackedCoverage", "classifier_for",
    "classifier_soon", "digit_classifier", "divergences", "features_for", "features_soon", "frechet_distance",
    "kernel_distance", "manifolds", "mode_coverage", "perfect_high_quality", "sliced_wasserstein", "stacked_coverage",
]  # fmt: skip
