"""The generator's input space: drawing latents, ways between them, planes, directions, and how G stretches it."""

from ganlab.latent.drawing import draw_latents
from ganlab.latent.ways import lerp, slerp

__all__ = ["draw_latents", "lerp", "slerp"]
