"""What every test needs."""

import torch

torch.set_num_threads(1)  # the networks here are tiny, and two pools fighting for the cores cost a factor of ten
