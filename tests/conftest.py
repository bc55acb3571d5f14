"""What every test needs."""

import os
import tempfile

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported

import pytest
import torch
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no reason to fail
settings.load_profile("untimed")

os.environ["GANLAB_RUNS"] = tempfile.mkdtemp(prefix="ganlab-test-runs-")  # never among a person's own runs


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """The networks here are tiny, and two pools fighting for the cores cost a factor of ten; a run may ask for more."""
    torch.set_num_threads(1)


@pytest.hookimpl(optionalhook=True)  # none where tests run in one process
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Three processes or more: two that drive a browser each, so that what waits and what computes go on side by side;
    all of a Ray cluster in one of them, a file that shares a process of its own in one, every other test wherever there
    is room.
    """
    from xdist.scheduler import LoadScopeScheduling

    class TwoBrowsers(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith("tests/browser/"):
                return "first browser" if nodeid < "tests/browser/test_f" else "second browser"
            if nodeid.startswith("tests/hosts/test_cluster.py") or "[cluster" in nodeid:
                return "ray"
            return nodeid.partition("::")[0] if nodeid.startswith(("tests/adding/", "tests/live/")) else nodeid

    return TwoBrowsers(config, log)
