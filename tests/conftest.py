"""What every test needs."""

import os
import tempfile

import torch
from hypothesis import settings

torch.set_num_threads(1)  # the networks here are tiny, and two pools fighting for the cores cost a factor of ten

settings.register_profile("untimed", deadline=None)  # a busy machine is no reason to fail
settings.load_profile("untimed")

os.environ["GANLAB_RUNS"] = tempfile.mkdtemp(prefix="ganlab-test-runs-")  # never among a person's own runs
