"""A Ray cluster that loses actors, workers and nodes, that is not there, or that goes away; and a killed server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from benchmarks.ray_cluster import RayCluster
from ganlab.hosts.cluster.cluster_worker import ClusterWorker
from ganlab.hosts.cluster.host import Cluster
from ganlab.hosts.remote_run import RemoteRun
from ganlab.runs import Axis, Plan, Run, State, replay
from ganlab.runs.trouble import Trouble
from ganlab.views.questions import read_question
from tests.hosts.ray_cluster import needs_ray
from tests.hosts.stage import PATIENCE, SMALL, Stage, assert_same_bits, record_of, trained_to, until

pytestmark = [needs_ray, pytest.mark.skipif(os.name == "nt", reason="signals of Unix")]

ROOT = Path(__file__).parents[2]
QUESTION = read_question(b'{"ask": "samples", "latents": [[0.5, -1.0]]}')


@pytest.fixture(scope="module")
def stage(cluster: RayCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage("cluster", tmp_path_factory.mktemp("runs"), address=cluster.address)
    yield made
    made.lab.close()


@pytest.fixture(autouse=True)
def _alone(stage: Stage) -> None:
    """No run of another test is in the way, and both workers are there."""
    for run in stage.lab.runs():
        stage.lab.remove(run.id)
    assert stage.host is not None
    host = stage.host
    until(lambda: len(host.workers) == 2 and all(worker.is_ready for worker in host.workers))


def worker_of(run: Run) -> ClusterWorker:
    assert isinstance(run, RemoteRun)
    assert isinstance(run.worker, ClusterWorker)
    return run.worker


def running(stage: Stage, seed: int) -> Run:
    run = stage.lab.create(SMALL.changed(seed=seed))
    run.play()
    until(lambda: run.iteration > 50)
    return run


def assert_it_came_back(run: Run) -> None:
    assert run.message is not None
    assert run.message.startswith("The process that trained this run ended")
    record = record_of(trained_to(run, run.iteration + 20))
    assert_same_bits(record, replay(record))


def test_a_killed_actor_takes_its_runs_back_to_their_last_copy_and_others_train_on(stage: Stage) -> None:
    run, other = running(stage, 1), running(stage, 2)
    actor, worker = worker_of(run).actor, worker_of(run).pid
    assert actor is not None
    assert worker is not None
    assert worker_of(run) is not worker_of(other)
    waiting = run.reply_to(QUESTION)
    os.kill(actor, signal.SIGKILL)
    until(lambda: run.state is State.PAUSED)
    until(waiting.done)
    assert waiting.exception() is None or isinstance(waiting.exception(), Trouble)
    assert_it_came_back(run)
    at = other.iteration
    until(lambda: other.iteration > at)
    until(lambda: not is_there(worker))


def test_a_run_that_has_killed_two_workers_is_set_aside(stage: Stage) -> None:
    run = running(stage, 1)
    suspected = 0
    while run.state is not State.FAILED:
        lost = worker_of(run)
        assert lost.pid is not None
        os.kill(lost.pid, signal.SIGKILL)
        until(lambda: run.state is not State.RUNNING)
        assert lost.status == -signal.SIGKILL
        suspected += lost.at_work_on == run.id  # almost always: it is the only one there
        if run.state is State.PAUSED:
            run.play()
            until(lambda: run.built and run.rate > 0)
    assert suspected == 2
    assert run.message is not None
    assert run.message.startswith("This run is set aside")


def test_a_node_may_come_and_be_killed(stage: Stage, cluster: RayCluster) -> None:
    assert stage.host is not None
    host, before = stage.host, set(stage.host.workers)
    node = cluster.add_node()
    until(lambda: len(host.workers) == 3 and all(worker.is_ready for worker in host.workers))
    runs = [running(stage, seed) for seed in range(3)]
    there, *others = sorted(runs, key=lambda run: worker_of(run) in before)
    assert worker_of(there) not in before
    cluster.kill_node(node)
    until(lambda: there.state is State.PAUSED)
    until(lambda: set(host.workers) == before)
    assert_it_came_back(there)
    assert worker_of(there) in before
    for run in others:
        at = run.iteration
        until(lambda run=run, at=at: run.iteration > at)


def test_when_the_cluster_is_lost_its_runs_say_so_and_go_on_once_it_is_back(stage: Stage) -> None:
    """Ray ends the gateway of a cluster that is gone; here it is killed."""
    assert isinstance(stage.host, Cluster)
    host, run = stage.host, running(stage, 1)
    (gateway,) = (each for each in psutil.Process().children() if "ganlab.hosts.cluster" in each.cmdline())
    gateway.kill()
    until(lambda: run.state is State.PAUSED)
    assert host.trouble == f"The Ray cluster ({host.address}) has gone away."
    fresh = stage.lab.create(SMALL)
    fresh.play()
    until(lambda: fresh.state is not State.RUNNING or fresh.iteration > 0)
    assert fresh.message is None or fresh.message.startswith(host.trouble)
    until(lambda: host.trouble is None)
    assert_it_came_back(run)


def test_where_there_is_no_cluster_runs_and_walls_say_so(tmp_path: Path) -> None:
    with socket.socket() as taken:  # a port at which nobody answers
        taken.bind(("127.0.0.1", 0))
        alone = Stage("cluster", tmp_path, address=f"127.0.0.1:{taken.getsockname()[1]}")
        run = alone.lab.create(SMALL)
        run.play()
        until(lambda: run.state is State.PAUSED)
        assert alone.host is not None
        assert alone.host.trouble is not None
        assert alone.host.trouble.startswith("No Ray cluster answers at 127.0.0.1:")
        assert (
            run.message
            == f"{alone.host.trouble} GanLab tries to join it again and again; press Train when it is there."
        )
        assert isinstance(run.record().exception(PATIENCE), Trouble)
        wall = alone.lab.create_sweep(Plan(SMALL.changed(max_steps=5), Axis("seed", (0, 1))))
        wall.play()
        until(lambda: wall.state is State.PAUSED)
        assert wall.message == run.message
        alone.lab.close()


SERVER = """
import time
from ganlab.hosts.cluster.host import Cluster
from ganlab.runs import Lab
from ganlab.runs.audience import Nobody
from tests.hosts.stage import SMALL

host = Cluster("auto", Nobody(), lambda *_: None)
run = Lab(host=host).create(SMALL)
run.play()
while run.iteration < 10:
    time.sleep(0.01)
print(host.workers[0].pid, flush=True)
time.sleep(600)
"""


def test_a_server_that_is_killed_leaves_nothing_of_the_cluster_that_it_started() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, env=environment)
    assert server.stdout is not None
    worker = int(server.stdout.readline())
    processes = psutil.Process(server.pid).children(recursive=True)
    begun = [each.pid for each in processes]
    assert worker in begun
    assert not [each for each in processes if "dashboard.py" in " ".join(each.cmdline())]  # which asks servers outside
    server.kill()
    server.wait(PATIENCE)
    until(lambda: not any(is_there(pid) for pid in begun))
    server.stdout.close()


def is_there(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
