"""Checkpoints that came with GanLab: presets that need minutes, trained beforehand."""
