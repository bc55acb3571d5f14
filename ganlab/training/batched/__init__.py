"""Members of a sweep trained together, as one batched computation."""

from ganlab.training.batched.going_on import going_on
from ganlab.training.batched.kinship import families, why_apart
from ganlab.training.batched.together import Members, members_of, together
from ganlab.training.batched.trainer import BatchedTrainer

__all__ = ["BatchedTrainer", "Members", "families", "going_on", "members_of", "together", "why_apart"]
