"""GanLab: watch generative adversarial networks learn."""

import os

__version__ = "0.1.0"

# Threads that wait for each other spin this often (about 0.1 ms) before they sleep. OpenMP's default is thirty times as
# long, which starves every other program on a small machine; not to spin at all halves the speed of convolutions.
# Read once, when torch is first imported.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
