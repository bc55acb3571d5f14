"""Writes the whole training as a plain PyTorch script or notebook."""
