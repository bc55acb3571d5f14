"""Workers that are killed, that hang, or that a run kills; and a server that is killed."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ganlab.hosts import correspondent, pool, worker_process
from ganlab.hosts.mirrored_run import BEGUN_AGAIN
from ganlab.hosts.remote_run import RemoteRun
from ganlab.hosts.remote_sweep import RemoteSweep
from ganlab.hosts.worker_process import WorkerProcess, start_worker
from ganlab.runs import Axis, Plan, Run, State, replay
from ganlab.runs.keeping import copier
from ganlab.runs.keeping.copier import Copier
from ganlab.runs.keeping.draft import Draft
from ganlab.runs.trouble import Trouble
from ganlab.views.questions import read_question
from tests.hosts.forked import ForkedWorker
from tests.hosts.stage import (
    PATIENCE,
    SMALL,
    Stage,
    assert_same_bits,
    assert_same_looks,
    record_of,
    trained_to,
    tried_here,
    until,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of Unix")

ROOT = Path(__file__).parents[2]
QUESTION = read_question(b'{"ask": "samples", "latents": [[0.5, -1.0]]}')


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker_process, "start_worker", ForkedWorker)
        made = Stage("processes", tmp_path_factory.mktemp("runs"))
        yield made
        made.lab.close()


@pytest.fixture(autouse=True)
def _alone(stage: Stage) -> None:
    """No run of another test is in the way."""
    for run in stage.lab.runs():
        stage.lab.remove(run.id)


def worker_of(run: Run) -> WorkerProcess:
    assert isinstance(run, RemoteRun)
    assert isinstance(run.worker, WorkerProcess)
    return run.worker


def pid_of(run: Run) -> int:
    pid = worker_of(run).pid
    assert pid is not None
    return pid


def running(stage: Stage, seed: int, beyond: int = 50) -> Run:
    run = stage.lab.create(SMALL.changed(seed=seed))
    run.play()
    until(lambda: run.iteration > beyond)
    return run


def kill_at_work_on(run: Run) -> None:
    """Kill its worker at a moment when it is at work on the run."""
    pid = pid_of(run)
    box = worker_of(run).box
    while True:
        os.kill(pid, signal.SIGSTOP)
        if box.read_bytes().startswith(run.id.encode()):
            break
        os.kill(pid, signal.SIGCONT)
    os.kill(pid, signal.SIGKILL)


@pytest.fixture
def copied(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The iteration of the last copy of each run that has arrived."""
    assert stage.host is not None
    arrived: dict[str, int] = {}
    keep = stage.host.store

    def store(draft: Draft) -> None:
        arrived[draft.record.id] = draft.record.iteration
        keep(draft)

    monkeypatch.setattr(stage.host, "store", store)
    return arrived


def test_killed_at_twenty_random_moments_runs_come_back_as_copied_last_and_others_train_on(
    stage: Stage, copied: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correspondent, "MOST_DEATHS", 10**6)  # no run is to blame
    chance, runs = random.Random(0), [running(stage, seed) for seed in range(4)]

    def kill_the_worker_of(chosen: Run) -> None:
        until(lambda: all(run.built and worker_of(run).is_ready for run in runs))
        lost = worker_of(chosen)
        there = [run for run in runs if worker_of(run) is lost]
        before, beyond = dict(copied), chosen.iteration + chance.randrange(50)
        if chance.random() < 0.8:  # else so soon that none of them was copied again
            until(lambda: chosen.iteration > beyond and all(copied[run.id] > before.get(run.id, 0) for run in there))
        rate = chance.choice((3e-4, 4e-4))
        chosen.change(lr_g=rate)
        waiting = chosen.reply_to(QUESTION)
        assert lost.pid is not None
        os.kill(lost.pid, signal.SIGKILL)
        until(lambda: all(run.state is State.PAUSED for run in there))
        for run in there:
            assert run.message is not None
            assert run.message.startswith("The process that trained this run ended")
            assert run.iteration == copied[run.id]
        assert chosen.experiment.lr_g == rate
        until(waiting.done)
        assert waiting.exception() is None or isinstance(waiting.exception(), Trouble)
        for run in runs:
            if run not in there:
                assert run.state is State.RUNNING
                at = run.iteration
                until(lambda run=run, at=at: run.iteration > at)
        for run in there:
            run.play()

    until(lambda: copied.keys() == {run.id for run in runs})
    for _ in range(20):
        kill_the_worker_of(chosen := chance.choice(runs))
    for run in runs:
        run.pause()
    record = record_of(trained_to(chosen, chosen.iteration + 20))
    assert record.experiment.lr_g == chosen.experiment.lr_g
    assert record.checkpoint is not None
    assert len(record.checkpoint.history) == record.iteration
    assert_same_bits(record, replay(record))


def test_a_run_that_trains_is_copied_at_once_and_then_at_most_eight_seconds_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So with the time that a copy takes to arrive, a worker that is killed loses ten seconds at most."""
    now, copied = 1000.0, [1000.0]
    monkeypatch.setattr(copier, "time", SimpleNamespace(monotonic=lambda: now))
    watching, run = Copier(lambda _: copied.append(now)), Run(SMALL)
    run.play()
    while now < 1060:
        run.obey()
        run.turn(0)
        watching.copy_if_due(run)
        now += 0.5
    pauses = np.diff(copied)
    assert len(pauses) > 7
    assert (pauses[0], pauses[1], pauses.max()) == (0.0, 1.0, 8.0)


def test_a_run_at_rest_loses_nothing_and_says_nothing(stage: Stage) -> None:
    run = trained_to(stage.lab.create(SMALL), 10)
    until(lambda: (stored := stage.store.run(run.id)) is not None and stored.iteration == 10)
    os.kill(pid_of(run), signal.SIGKILL)
    until(lambda: not run.built)
    assert (run.state, run.message, run.iteration) == (State.PAUSED, "here", 10)
    record = record_of(run)
    assert_same_bits(record, replay(record))


def test_a_run_that_has_killed_two_workers_is_set_aside_until_it_is_reset(stage: Stage) -> None:
    run = running(stage, 1)
    kill_at_work_on(run)
    until(lambda: run.state is State.PAUSED)
    run.play()
    until(lambda: run.built and run.rate > 0)
    kill_at_work_on(run)
    until(lambda: run.state is State.FAILED)
    assert run.message is not None
    assert run.message.startswith("This run is set aside")
    assert run.record().cancelled()
    stage.look(run, "losses")
    until(lambda: bool(stage.frames(run)))
    assert (stage.frames(run)[-1]["state"], stage.frames(run)[-1]["views"]) == ("failed", {})
    assert not run.built
    run.reset()
    record = record_of(trained_to(run, 5))
    assert_same_bits(record, replay(record))


@pytest.mark.parametrize("parts", [1, 2])
def test_a_wall_that_loses_a_worker_says_so_and_begins_again(stage: Stage, parts: int) -> None:
    rows = Axis("g_width", (8, 12)) if parts == 2 else None
    wall = stage.lab.create_sweep(Plan(SMALL, Axis("seed", (0, 1)), rows))
    wall.play()
    until(lambda: wall.iteration > 20)
    assert isinstance(wall, RemoteSweep)
    *others, lost = wall.workers
    assert len(others) == parts - 1
    assert isinstance(lost, WorkerProcess)
    assert lost.pid is not None
    member = stage.lab.open_member(wall, 1)
    os.kill(lost.pid, signal.SIGKILL)
    until(lambda: wall.state is State.PAUSED)
    assert wall.message is not None
    assert wall.message.startswith("A process that trained this wall ended at iteration")
    assert wall.iteration == 0
    wall.play()
    until(lambda: wall.iteration > 20)
    assert len(wall.workers) == parts
    assert stage.host is not None
    assert all(worker in stage.host.workers for worker in others)
    assert member.state is State.PAUSED
    stage.lab.remove(wall.id)


def test_a_trial_that_loses_its_worker_begins_again_from_its_moment_and_comes_to_the_same(stage: Stage) -> None:
    parent = trained_to(stage.lab.create(SMALL), 20)
    twin = stage.lab.begin_trial(parent)
    twin.train_to(10**6)
    until(lambda: twin.since > 60)
    os.kill(pid_of(twin), signal.SIGKILL)
    until(lambda: twin.state is State.PAUSED)
    assert twin.message is not None
    assert twin.message.startswith("The process that trained this trial ended")
    twin.train_to(50)
    until(lambda: twin.state is State.PAUSED and twin.since == 50)
    assert_same_looks(twin.looks, tried_here(record_of(parent), SMALL, 50).looks)


def test_a_worker_that_hangs_is_replaced(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    run = running(stage, 1)
    monkeypatch.setattr(pool, "LONGEST_SILENCE", 3.0)
    os.kill(pid_of(run), signal.SIGSTOP)
    until(lambda: run.state is State.PAUSED)
    monkeypatch.undo()
    trained_to(run, run.iteration + 5)


def test_a_worker_that_never_ends_an_iteration_is_replaced(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    run = running(stage, 1)
    monkeypatch.setattr(pool, "LONGEST_WORK", 0.0)  # less than any takes
    until(lambda: run.state is State.PAUSED)
    assert run.message is not None
    assert run.message.startswith("The process that trained this run ended")


def test_a_fork_waits_for_no_one_when_its_parent_is_lost(stage: Stage) -> None:
    parent = running(stage, 1)
    pid = pid_of(parent)
    os.kill(pid, signal.SIGSTOP)
    child = stage.lab.fork(parent)
    child.play()
    os.kill(pid, signal.SIGKILL)
    until(lambda: child.state is State.FAILED)
    assert child.message is not None
    assert child.message.startswith("This run should go on from another run, but the process that trained that one")
    until(lambda: parent.state is State.PAUSED)


@pytest.mark.skipif(sys.platform != "linux", reason="a limit to memory that Linux alone keeps")
def test_a_run_for_which_the_memory_is_too_small_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "start_worker", partial(ForkedWorker, memory=250 * 2**20))
    tight = Stage("processes", tmp_path, workers=1)
    small, huge = running(tight, 1), tight.lab.create(SMALL.changed(batch_size=4096, g_width=1024, g_depth=8))
    worker = worker_of(small)
    huge.play()
    until(lambda: huge.state is State.FAILED)
    assert huge.message is not None
    assert huge.message.startswith("Out of memory at iteration 0.")
    assert "Try a smaller batch size (it is 4096 now)" in huge.message
    at = small.iteration
    until(lambda: small.iteration > at + 20)
    assert worker_of(small) is worker
    tight.lab.close()


@pytest.mark.parametrize("lacking", ["a program", "room for a file"])
def test_a_worker_that_can_not_start_is_tried_again(
    lacking: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker_process, "start_worker", start_worker)
    if lacking == "a program":
        monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    else:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no-folder"))
    with caplog.at_level(logging.CRITICAL):
        broken = Stage("processes", tmp_path, workers=1)
        run = broken.lab.create(SMALL)
        run.play()
        assert broken.host is not None
        first, host = broken.host.workers[0], broken.host
        until(lambda: host.workers[0] is not first and run.state is State.PAUSED)
        assert run.message == BEGUN_AGAIN
        broken.lab.close()


SERVER = """
import signal, sys, threading, time
from ganlab.hosts.processes import Processes
from ganlab.runs import Lab
from ganlab.runs.audience import Nobody
from ganlab.training.build import build_trainer
from ganlab.views.questions import read_question
from tests.hosts.stage import SMALL, until

QUESTION = read_question(b'{"ask": "samples", "latents": [[0.5, -1.0]]}')

build_trainer(SMALL).step()
heavy = {"pandas", "scipy.stats", "torch._dynamo"}
assert not heavy & sys.modules.keys(), "half a second to two seconds each, in every process"
interrupted = threading.Event()
signal.signal(signal.SIGINT, lambda *_: interrupted.set())
host = Processes(1, Nobody(), lambda *_: None)
run = Lab(host=host).create(SMALL)
run.play()
until(lambda: run.iteration > 10)
print(host.workers[0].pid, flush=True)
interrupted.wait(600)
run.reply_to(QUESTION).result()
print(host.workers[0].pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    """A server in a session of its own, as if it were a terminal's only command."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    how = {"env": environment, "stdout": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen([sys.executable, "-c", SERVER], **how) as process:  # type: ignore[call-overload]
        yield process
        process.kill()


def line_of(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    return server.stdout.readline().strip()


def test_no_worker_outlives_a_server_that_is_killed(server: subprocess.Popen[str]) -> None:
    worker = int(line_of(server))
    os.kill(worker, 0)
    server.kill()
    server.wait(PATIENCE)

    def is_gone() -> bool:
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return True
        return Path(f"/proc/{worker}/stat").exists() and " Z " in Path(f"/proc/{worker}/stat").read_text()

    until(is_gone)


def test_ctrl_c_reaches_the_server_and_no_worker(server: subprocess.Popen[str]) -> None:
    worker = int(line_of(server))
    os.killpg(server.pid, signal.SIGINT)
    assert line_of(server) == str(worker)  # which has answered a question since


def test_a_worker_is_in_the_servers_session_where_its_niceness_counts(server: subprocess.Popen[str]) -> None:
    worker = int(line_of(server))
    assert os.getsid(worker) == os.getsid(server.pid)
    assert os.getpriority(os.PRIO_PROCESS, worker) > os.getpriority(os.PRIO_PROCESS, server.pid)
