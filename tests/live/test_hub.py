import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

from ganlab.live.hub import Hub, Viewer
from tests.patience import PATIENCE

PLANE = frozenset({"plane"})


def run(job: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(job, PATIENCE))


def watching(hub: Hub, run_id: str = "run", views: frozenset[str] = PLANE) -> Viewer:
    viewer = hub.join(run_id)
    hub.want(viewer, views)
    return viewer


async def all_done() -> None:
    """Return when the loop has run all that was ready, and what that made ready."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_frames_reach_the_viewers_of_their_run_only() -> None:
    async def job() -> None:
        hub = Hub()
        mine, other = watching(hub, "mine"), watching(hub, "other")
        hub.publish("mine", b"1")
        hub.publish("other", b"2")
        assert (await mine.next(), await other.next()) == (b"1", b"2")

    run(job())


def test_frames_come_from_another_thread() -> None:
    async def job() -> None:
        hub = Hub()
        viewer = watching(hub)
        seen = []
        thread = threading.Thread(target=lambda: [hub.publish("run", b"%d" % i) for i in range(20)])
        thread.start()
        while not seen or seen[-1] != b"19":
            seen.append(await viewer.next())
        thread.join()
        assert seen == sorted(seen, key=lambda frame: int(frame or 0))

    run(job())


def test_a_slow_viewer_gets_the_newest_frame_and_holds_nobody_up() -> None:
    async def job() -> None:
        hub = Hub()
        slow, quick = watching(hub), watching(hub)
        for i in range(100):
            hub.publish("run", b"%d" % i)
            assert await quick.next() == b"%d" % i
        assert await slow.next() == b"99"

    run(job())


def test_who_joins_late_gets_the_last_frame_at_once() -> None:
    async def job() -> None:
        hub = Hub()
        hub.publish("run", b"old")
        hub.publish("run", b"last")
        assert await hub.join("run").next() == b"last"

    run(job())


def test_watched_is_the_union_of_what_is_wanted() -> None:
    async def job() -> None:
        hub = Hub()
        assert hub.watched("run") == frozenset()
        one, two = watching(hub), watching(hub, views=frozenset({"losses"}))
        assert hub.watched("run") == {"plane", "losses"}
        assert hub.watched("other") == frozenset()
        hub.want(one, frozenset())
        assert hub.watched("run") == {"losses"}
        assert hub.viewers("run") == 2
        hub.leave(two)
        hub.leave(one)
        assert hub.watched("run") == frozenset()
        assert hub.viewers("run") == 0

    run(job())


def test_a_hidden_viewer_is_sent_nothing_until_it_wants_something() -> None:
    async def job() -> None:
        interests: list[str] = []
        hub = Hub(interests.append)
        viewer = watching(hub, views=frozenset())
        hub.publish("run", b"1")
        pending = asyncio.ensure_future(viewer.next())
        await all_done()
        assert not pending.done()
        assert interests == []
        hub.want(viewer, PLANE)
        assert interests == ["run"]
        hub.publish("run", b"2")
        assert await pending == b"2"

    run(job())


def test_a_forgotten_run_ends_its_viewers_and_leaves_no_frame() -> None:
    async def job() -> None:
        hub = Hub()
        viewer = watching(hub)
        hub.publish("run", b"1")
        hub.forget("run")
        assert await viewer.next() is None
        late = asyncio.ensure_future(hub.join("run").next())
        await all_done()
        assert not late.done()
        late.cancel()

    run(job())


def test_publishing_after_the_server_has_gone_does_no_harm() -> None:
    hub = Hub()
    run(_join_and_leave_open(hub))
    hub.publish("run", b"1")  # the viewer's loop is closed by now


async def _join_and_leave_open(hub: Hub) -> None:
    watching(hub)
