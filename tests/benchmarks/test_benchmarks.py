"""The benchmarks exist under the names they are known by. What they measure is never tested: machines differ."""

from __future__ import annotations

import pytest
import torch

from benchmarks import train
from benchmarks.registry import FIGURES, chosen
from ganlab import networks
from ganlab.data import load
from ganlab.experiment import Experiment

NAMES = (
    "train.small_mlp.vs_tutorial",
    "train.ring_mlp.vs_tutorial",
    "train.small_mlp.vs_tutorial_busy",
    "train.ring_mlp.vs_tutorial_busy",
    "train.dcgan32.vs_tutorial",
    "train.ring_mlp.vs_products",
    "gpu.small_mlp.captured_vs_eager",
    "gpu.ring_mlp.captured_vs_eager",
    "gpu.dcgan64.captured_vs_eager",
    "gpu.wall25.captured_vs_eager",
    "live.four_viewers.vs_unwatched",
    "live.model_page.vs_unwatched",
    "live.frame_kb.plane",
    "live.frame_kb.images",
    "live.memory_growth_mb",
    "live.heap_growth_mb",
    "page.first_frame_s",
    "page.pause_s",
    "page.interactive_s",
    "page.renderer_share",
    "lab.eight_runs.click_s",
    "preset.ring.covered",
    "preset.digits.recognised",
    "wall.small.vs_loop",
    "wall.large.vs_loop",
    "wall.conv.vs_loop",
    "latent.images_64.move_ms",
    "latent.digits.move_ms",
    "latent.digits.training.move_ms",
    "collapse.blobs",
    "collapse.grid",
    "collapse.stacked",
    "collapse.digits",
    "keeping.lost_s.median",
    "keeping.lost_s.most",
    "keeping.working.vs_none",
    "keeping.failing.vs_none",
    "hostile.question_s",
    "hostile.link_s",
    "hostile.table_s",
    "hostile.number_s",
    "hostile.images_s",
    "hostile.tables.wait_s",
    "hosts.processes.sixteen_runs.vs_thread",
    "hosts.processes.one_run.vs_thread",
    "hosts.ceiling.two_loops.vs_one",
    "hosts.ray.sixteen_runs.vs_processes",
    "hosts.processes.click_s",
    "hosts.processes.click_p95_s",
    "hosts.processes.memory_mb",
    "hosts.processes.worker_memory_mb",
    "hosts.processes.start_s",
    "hosts.thread.click_s",
    "hosts.thread.click_p95_s",
    "hosts.thread.memory_mb",
    "hosts.thread.start_s",
    "trace.ring_ms",
    "trace.ring_kb",
    "trace.digits_ms",
    "trace.digits_kb",
    "classroom.watched.vs_unwatched",
    "classroom.at_work.vs_unwatched",
    "classroom.share.least_to_most",
    "classroom.frames_a_second",
    "classroom.frames_a_second.least",
    "classroom.click_s",
    "classroom.click_p95_s",
    "classroom.press_p95_s",
    "classroom.open_s",
    "classroom.errors",
    "classroom.still_runs",
    "classroom.tracebacks",
    "classroom.lecture.vs_one_viewer",
    "classroom.server_mb",
    "classroom.workers_mb",
    "classroom.load_cores",
    "classroom.restart_s",
    "classroom.restart_pages_s",
    "gpu.small_mlp.vs_cpu",
    "gpu.ring_mlp.vs_cpu",
    "gpu.dcgan64.vs_cpu",
    "gpu.wall25.vs_cpu",
    "gpu.ring_mlp.bf16",
    "gpu.dcgan64.bf16",
    "gpu.dcgan64.tf32",
)


def test_every_figure_has_a_measure() -> None:
    assert set(FIGURES) == set(NAMES)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "train",
        "live",
        "page",
        "lab",
        "preset",
        "wall",
        "latent",
        "collapse",
        "keeping",
        "hostile",
        "hosts",
        "trace",
        "classroom",
        "gpu",
        *NAMES,
    ],
)
def test_a_name_chooses_its_measures_once_each(name: str) -> None:
    measures = chosen(name)
    assert measures
    assert len(set(measures)) == len(measures)
    assert set(measures) == {
        FIGURES[known] for known in NAMES if known == name or not name or known.startswith(f"{name}.")
    }


def test_an_unknown_name_chooses_nothing() -> None:
    assert chosen("tra") == {}


@pytest.mark.parametrize("experiment", [train.SMALL_MLP, train.RING_MLP, train.DCGAN32])
def test_the_tutorial_has_the_same_networks(experiment: Experiment) -> None:
    shape = load(experiment).spec.shape
    ours = [
        build(experiment, shape, torch.Generator())
        for build in (networks.build_generator, networks.build_discriminator)
    ]
    for own, theirs in zip(ours, train.networks_of_tutorial(experiment), strict=True):
        assert [p.shape for p in own.parameters()] == [p.shape for p in theirs.parameters()]
