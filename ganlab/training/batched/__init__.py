"""Members of a sweep trained together, as one batched computation."""

from ganlab.training.batched.going_on import going_on
from ganlab.training.batched.kinship import families, why_apart
from ganlab.training.batched.together import Members, together
from ganlab.training.batched.trainer import BatchedTrainer

__all__ = ["BatchedTrainer", "Members", "families", "going_on", "together", "why_apart"]
