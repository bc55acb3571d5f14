"""GanLab: watch generative adversarial networks learn."""

import os

__version__ = "0.1.0"

# Threads that wait for each other should sleep, not spin: on a busy machine spinning makes training several
# times slower. OpenMP reads this once, when torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
