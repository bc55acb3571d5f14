"""GanLab: train a GAN before your eyes."""

__version__ = "0.1.0"
