"""What every test needs."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported

import pytest
import torch
from hypothesis import settings

HERE = Path(__file__).parent

settings.register_profile("untimed", deadline=None)  # a busy machine is no reason to fail
settings.load_profile("untimed")

os.environ["GANLAB_RUNS"] = tempfile.mkdtemp(prefix="ganlab-test-runs-")  # never among a person's own runs


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """The networks here are tiny, and two pools fighting for the cores cost a factor of ten; a run may ask for more."""
    torch.set_num_threads(1)


DEAREST = ("browser", "hosts", "classroom", "export", "command", "networks", "presets")  # rooms, that begin first


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        room = item.path.relative_to(HERE).parts[0]
        return DEAREST.index(room) if room in DEAREST else len(DEAREST)

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)  # none where tests run in one process
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Four processes: two that drive a browser each, so that what waits and what computes go on side by side;
    all of a Ray cluster in one of them, and a file's tests in one, with the file's fixtures.
    """
    from xdist.scheduler import LoadScopeScheduling

    class TwoBrowsers(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith("tests/browser/"):
                return "first browser" if nodeid < "tests/browser/test_f" else "second browser"
            if nodeid.startswith("tests/hosts/test_cluster.py") or "[cluster" in nodeid:
                return "ray"
            return nodeid.partition("::")[0]

    config.option.loadscopereorder = False  # else the files with many tests come first, not the dear ones
    return TwoBrowsers(config, log)
