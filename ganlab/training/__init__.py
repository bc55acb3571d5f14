"""The training algorithm, what it measures, and what can be asked of the networks while it runs."""
