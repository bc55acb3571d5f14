"""Every address of a class against every secret: each opens what it is for, and nothing else."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ganlab.classroom.classroom import SEAT_COOKIE, TEACHER_COOKIE, Classroom
from ganlab.classroom.entrance import Entrance
from ganlab.classroom.routes import class_routes
from ganlab.classroom.rules import RulesOfAClass
from ganlab.classroom.spotlight import Spotlight
from ganlab.classroom.state import TEACHER
from ganlab.experiment import Experiment
from ganlab.live.admission import Admission, Rules
from ganlab.live.asking import asking
from ganlab.live.broadcast import Broadcast
from ganlab.live.hub import Hub
from ganlab.live.routes import routes
from ganlab.runs import Lab, Run, State
from ganlab.runs.keeping.store import Store
from ganlab.runs.naming import data_and_method
from ganlab.runs.watch_ids import WatchIds
from tests.patience import PATIENCE

SMALL = Experiment.of(g_width=8, d_width=8, batch_size=16, device="cpu")
OPEN = 200  # what stands for a socket that stays open


class School:
    """A class on a real server: a teacher and two students, each with a run."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.room, self.hub, self.watch = Classroom(None), Hub(), WatchIds(b"key")
        owner = TEACHER
        self.lab = Lab(Broadcast(self.hub), policy=RulesOfAClass(self.room, lambda: owner))
        self.hub.on_interest = self.lab.refresh
        self.room.on_change = lambda _: self.lab.set_gate(self.room.gate)
        self.teachers_run = self.lab.create(SMALL)
        seats = [self.room.join(self.room.state.code) for _ in range(2)]
        self.runs: list[Run] = []
        for seat, _ in seats:
            owner = seat.number
            self.runs.append(self.lab.create(SMALL))
        self.secrets = {
            "nothing": "",
            "the join code": f"{SEAT_COOKIE}={self.room.state.code}; {TEACHER_COOKIE}={self.room.state.code}",
            "the run's id": f"{SEAT_COOKIE}={self.runs[0].id}; {TEACHER_COOKIE}={self.runs[0].id}",
            "the seat": f"{SEAT_COOKIE}={seats[0][1]}",
            "a seat as the teacher's": f"{TEACHER_COOKIE}={seats[0][1]}",
            "another seat": f"{SEAT_COOKIE}={seats[1][1]}",
            "the teacher's key": f"{TEACHER_COOKIE}={self.room.unlock(self.room.state.key)}",
        }
        listening = socket.create_server(("127.0.0.1", 0))
        # Shown to all, so that the table below also says what that gives away.
        self.room.show(Spotlight(run=self.runs[0].id, seat=seats[0][0].number, title="A ring", named=False))
        self.room.ask("Which loss falls?", ["That of D", "That of G"])
        self.host = f"127.0.0.1:{listening.getsockname()[1]}"
        ids = {run.id: run.id for run in self.lab.runs()} | {self.watch.of(run.id): run.id for run in self.lab.runs()}
        app = Starlette(
            routes=[
                Route("/", lambda _: PlainTextResponse("the app")),
                *class_routes(
                    self.room, self.lab, self.hub, self.watch.of, lambda address: address, lambda: None, self.store
                ),
                *asking(self.lab),
                *routes(ids.get, self.hub),
            ],
            middleware=[Middleware(Admission, Rules), Middleware(Entrance, self.room)],
        )
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]})
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        self.lab.close()

    def ask(
        self, method: str, path: str, secret: str, said: object = None, origin: str | None = "own"
    ) -> tuple[int, str]:
        """The status and the text of an answer."""
        headers = {"Cookie": self.secrets[secret]}
        if origin is not None:
            headers["Origin"] = f"http://{self.host}" if origin == "own" else origin
        body = None if said is None else json.dumps(said).encode()
        request = urllib.request.Request(f"http://{self.host}{path}", body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except HTTPError as error:
            return error.code, error.read().decode()

    def socket(self, path: str, secret: str) -> int:
        """OPEN for a socket that stays open or brings something, else what it was refused or closed with."""

        async def job() -> int:
            headers = {"Cookie": self.secrets[secret]}
            url, own = f"ws://{self.host}{path}", f"http://{self.host}"
            try:
                async with connect(url, origin=own, additional_headers=headers) as client:  # type: ignore[arg-type]
                    await client.send('{"views": ["commentary"]}')
                    await asyncio.wait_for(client.recv(), PATIENCE)
                    return OPEN
            except InvalidStatus as refused:
                return refused.response.status_code
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 0

        return asyncio.run(job())


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    made = School(tmp_path_factory.mktemp("runs"))
    yield made
    made.close()


STRANGERS = ("nothing", "the join code", "the run's id", "a seat as the teacher's")
ALL = (*STRANGERS, "the seat", "another seat", "the teacher's key")
MEMBERS, STUDENTS, OWNERS, LEADER = ALL[4:], ALL[4:6], ("the seat", "the teacher's key"), ("the teacher's key",)

TABLE = [  # address, who gets 200, what strangers get, what members get who may not
    ("GET /class", ALL, 0, 0),
    ("GET /class/me", ALL, 0, 0),
    ("GET /class/teacher", ALL, 0, 0),
    ("GET /live/assets/any/classroom/join.js", ALL, 0, 0),
    ("GET /", MEMBERS, 403, 0),
    ("GET /class/board", LEADER, 403, 403),
    ("GET /class/records", LEADER, 403, 403),
    ("POST /class/act", LEADER, 403, 403),
    ("POST /class/answer", STUDENTS, 403, 403),
    ("GET /live/RUN/picks", OWNERS, 403, 404),
    ("GET /live/RUN/directions", OWNERS, 403, 404),
    ("POST /live/RUN/trace", OWNERS, 403, 404),
    ("GET /live/WATCH/picks", (), 403, 404),
    ("POST /live/WATCH/trace", (), 403, 404),
    ("GET /base/live/RUN/picks", OWNERS, 403, 404),
    ("SOCKET /live/RUN", OWNERS, 4403, 4404),
    ("SOCKET /base/live/RUN", OWNERS, 4403, 4404),
    ("SOCKET /live/WATCH", MEMBERS, 4403, 0),
    ("SOCKET /class/wall", LEADER, 4403, 4403),
]


@pytest.mark.parametrize(("address", "allowed", "strangers", "others"), TABLE, ids=[row[0] for row in TABLE])
def test_a_secret_opens_what_it_is_for(
    school: School, address: str, allowed: tuple[str, ...], strangers: int, others: int
) -> None:
    method, path = address.split()
    path = path.replace("RUN", school.runs[0].id).replace("WATCH", school.watch.of(school.runs[0].id))
    for secret in ALL:
        if method == "SOCKET":
            status = school.socket(path, secret)
        else:
            said = {"do": "resume", "question": 1, "answer": 0} if method == "POST" else None
            status = school.ask(method, path, secret, said)[0]
        expected = OPEN if secret in allowed else strangers if secret in STRANGERS else others
        assert status == expected, secret


def test_every_address_of_the_class_is_in_the_table(school: School) -> None:
    named = {row[0].split()[1] for row in TABLE} | {"/class/join", "/class/key"}  # these two take secrets
    found = {each.path for each in class_routes(school.room, school.lab, school.hub, str, str, lambda: None)}  # type: ignore[attr-defined]
    assert {path for path in found if not path.startswith("/{base")} <= named


def test_another_site_s_page_can_neither_join_nor_lead(school: School) -> None:
    for origin in ("http://evil.example", None):
        for path, said in (("/class/act", {"do": "end"}), ("/class/join", {"code": school.room.state.code})):
            status, _ = school.ask("POST", path, "the teacher's key", said, origin)
            assert status in (400, 403)
    assert len(school.room.state.seats) == 2


def test_the_key_and_the_code_are_exchanged_for_cookies_that_no_script_reads(school: School) -> None:
    for path, said in (
        ("/class/key", {"key": school.room.state.key}),
        ("/class/join", {"code": school.room.state.code}),
    ):
        request = urllib.request.Request(
            f"http://{school.host}{path}", json.dumps(said).encode(), {"Origin": f"http://{school.host}"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            cookie = answer.headers["Set-Cookie"]
        assert re.search(r"HttpOnly", cookie) and re.search(r"SameSite=strict", cookie)
        assert school.room.state.key not in cookie
    school.room.remove(school.room.state.seats[-1].number)


@pytest.mark.parametrize(
    "said",
    [
        [],
        "x",
        {"do": "dance"},
        {"do": "send", "run": "x"},
        {"do": "remove", "seat": 0},
        {"do": "door", "closed": "yes"},
        {"do": "ask", "text": "Which?", "answers": ["This"]},
        {"do": "ask", "text": "Which?", "answers": ["This", 2]},
        {"do": "limit", "limits": {"kept": 10**9}},
        {},
    ],
)
def test_nonsense_from_the_board_is_refused(school: School, said: object) -> None:
    assert school.ask("POST", "/class/act", "the teacher's key", said)[0] == 400


def test_long_and_broken_bodies_are_refused(school: School) -> None:
    for said in ({"code": "A" * 100_000}, ["[" * 500]):
        assert school.ask("POST", "/class/join", "nothing", said)[0] == 400


def test_a_stranger_s_page_leads_to_the_join_page(school: School) -> None:
    request = urllib.request.Request(f"http://{school.host}/", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert answer.url == f"http://{school.host}/class"
        assert "Type the code" in answer.read().decode()


def test_the_wall_shows_each_seat_in_less_than_a_kilobyte(school: School) -> None:
    school.runs[0].play()

    async def look() -> dict[str, object]:
        headers = {"Cookie": school.secrets["the teacher's key"]}
        url, own = f"ws://{school.host}/class/wall", f"http://{school.host}"
        async with asyncio.timeout(PATIENCE), connect(url, origin=own, additional_headers=headers) as client:  # type: ignore[arg-type]
            async for text in client:
                board: dict[str, object] = json.loads(text)
                seats: list[dict[str, object]] = board["seats"]  # type: ignore[assignment]
                if all("points" in seat for seat in seats) and any(seat["state"] == "running" for seat in seats):
                    return board
        raise AssertionError("it never came")

    board = asyncio.run(look())
    school.runs[0].pause()
    assert board["code"] == school.room.state.code
    assert board["address"] == f"http://{school.host}/class"
    assert len(board["seats"]) == 2  # type: ignore[arg-type]
    for seat in board["seats"]:  # type: ignore[attr-defined]
        assert len(json.dumps(seat)) <= 1024
    assert not any(run.id in json.dumps(board) for run in school.lab.runs())  # an id is the right to command


def test_a_run_before_all_eyes_gives_nobody_its_id_nor_its_name_unless_the_teacher_says_so(school: School) -> None:
    run, seat = school.runs[0], school.room.state.seats[0]

    def lit(secret: str, **said: object) -> dict[str, object] | None:
        if said:
            assert school.ask("POST", "/class/act", "the teacher's key", {"do": "spotlight", **said})[0] == 200
        answer = school.ask("GET", "/class/me", secret)[1]
        assert run.id not in answer
        shown: dict[str, object] | None = json.loads(answer)["spotlight"]
        return shown

    watch = school.watch.of(run.id)
    unnamed = lit("another seat", run=watch, named=False)
    assert unnamed == {"watch": watch, "title": data_and_method(SMALL), "name": "", "yours": False}
    assert lit("another seat", run=watch, named=True) == unnamed | {"name": seat.name}
    assert lit("the seat") == unnamed | {"name": seat.name, "yours": True}
    for other in (school.watch.of(school.teachers_run.id), run.id, "x"):
        said = {"do": "spotlight", "run": other, "named": True}
        assert school.ask("POST", "/class/act", "the teacher's key", said)[0] == 400
    assert lit("another seat", run=None) is None


def test_the_board_pins_a_seat_s_run_by_its_watch_id_alone(school: School) -> None:
    def act(**said: object) -> int:
        return school.ask("POST", "/class/act", "the teacher's key", said)[0]

    for wrong in (school.runs[0].id, school.watch.of(school.teachers_run.id), "x"):
        assert act(do="pin", run=wrong) == 404
    assert act(do="order pins", pins=[{}]) == 400
    assert act(do="pin", run=school.watch.of(school.runs[0].id)) == 200
    (pin,) = school.room.state.pins
    assert pin.name == school.room.state.seats[0].name and pin.picture["points"]
    assert act(do="unpin", pin=pin.number) == 200
    assert not school.room.state.pins


def test_a_seat_taken_away_is_shut_out_and_its_run_paused(tmp_path: Path) -> None:
    school = School(tmp_path)
    try:
        school.runs[0].play()
        number = school.room.state.seats[0].number
        assert school.ask("POST", "/class/act", "the teacher's key", {"do": "remove", "seat": number})[0] == 200
        assert school.runs[0].state is State.PAUSED
        assert school.room.state.spotlight is None
        assert school.ask("GET", "/", "the seat")[0] == 403
        assert json.loads(school.ask("GET", "/class/me", "the seat")[1]) == {"member": False}
        assert school.ask("GET", "/", "another seat")[0] == 200
        assert school.ask("POST", "/class/act", "the teacher's key", {"do": "end"})[0] == 200
        assert school.ask("GET", "/", "another seat")[0] == 403
        assert school.ask("GET", "/", "the teacher's key")[0] == 200
    finally:
        school.close()
