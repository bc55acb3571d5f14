"""The Collapse page: a run that loses its modes, and remedies tried beside it."""
