"""How good the generated samples are, in numbers."""

from ganlab.metrics.modes import Coverage, mode_coverage, perfect_high_quality

__all__ = ["Coverage", "mode_coverage", "perfect_high_quality"]
