"""The addresses that answer questions: who may ask, what is refused, and what comes back."""

from __future__ import annotations

import json
import socket
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from ganlab.experiment import Experiment
from ganlab.live.admission import Admission, Rules
from ganlab.live.asking import LONGEST_QUESTION, asking
from ganlab.runs import Lab, Run
from tests.live.decoding import decode
from tests.patience import PATIENCE

ONE = json.dumps({"ask": "samples", "latents": [[0.5, -1.0]]})


@dataclass
class Reply:
    status: int
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)


class Client:
    """Asks the routes, on a real server in a thread of this process."""

    def __init__(self, lab: Lab) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{listening.getsockname()[1]}"
        app = Starlette(routes=asking(lab), middleware=[Middleware(Admission, Rules)])
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]})
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()

    def send(self, method: str, path: str, body: str | bytes = b"", **headers: str) -> Reply:
        data = body.encode() if isinstance(body, str) else body
        request = urllib.request.Request(f"http://{self.host}{path}", data or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return Reply(answer.status, answer.read())
        except HTTPError as refused:
            return Reply(refused.code, refused.read())

    def post(self, run: Run, body: str | bytes, path: str = "ask", base: str = "", origin: str = "same") -> Reply:
        own = f"http://{self.host}" if origin == "same" else origin
        return self.send("POST", f"{base}/live/{run.id}/{path}", body, Origin=own)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


@pytest.fixture
def run(lab: Lab) -> Run:
    return lab.create(Experiment.of(data="ring", latent_dim=2, g_width=8, d_width=8, batch_size=16))


@pytest.fixture(scope="module")
def client(lab: Lab) -> Iterator[Client]:
    client = Client(lab)
    yield client
    client.close()


def test_a_question_is_answered_with_a_frame(client: Client, run: Run) -> None:
    answer = decode(client.post(run, ONE).content)
    assert answer["points"].shape == (1, 2)
    assert (answer["iteration"], answer["state"]) == (0, "ready")


def test_a_run_that_trains_answers_too(client: Client, run: Run) -> None:
    run.play()
    answers = [decode(client.post(run, ONE).content) for _ in range(5)]
    run.pause()
    assert answers[-1]["iteration"] > 0


def test_large_pictures_are_sent_as_one_jpeg(client: Client, lab: Lab) -> None:
    e = Experiment.of(data="digits", image_size=64, generator="mlp", discriminator="mlp", g_width=8, d_width=8)
    run = lab.create(e)
    answer = decode(client.post(run, json.dumps({"ask": "on_map", "x": 0, "y": 0, "columns": 11, "rows": 11})).content)
    assert "pixels" not in answer
    assert bytes(answer["jpeg"][:2]) == b"\xff\xd8"


def test_a_traced_step_comes_as_a_frame_that_is_small(client: Client, run: Run) -> None:
    reply = client.post(run, b"", "trace")
    happened = decode(reply.content)
    assert len(reply.content) < 60_000
    assert (happened["iteration"], happened["state"], run.iteration) == (1, "paused", 1)
    assert happened["samples"]["fake"].shape == (16, 2)
    run.stop()
    refused = client.post(run, b"", "trace")
    assert (refused.status, refused.text[:16]) == (400, "This run is over")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "testserver"])
def test_other_origins_are_refused(client: Client, run: Run, origin: str) -> None:
    for path in ("ask", "directions", "trace"):
        assert client.post(run, ONE, path, origin=origin).status == 403
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.send("GET", f"/live/{run.id}/directions", **headers).status == 403


def test_a_run_that_is_gone_says_so(client: Client, lab: Lab, run: Run) -> None:
    lab.remove(run.id)
    refused = client.post(run, ONE)
    assert refused.status == 404
    assert "may have been removed" in refused.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{}", 400),
        ("hello", 400),
        (json.dumps({"ask": "samples", "latents": [[1.0]]}), 400),
        (b"\xff\xfe", 400),
        (b" " * (LONGEST_QUESTION + 1), 413),
    ],
)
def test_bad_questions_are_refused_with_a_sentence(client: Client, run: Run, body: Any, status: int) -> None:
    refused = client.post(run, body)
    assert refused.status == status
    assert refused.text.endswith(".")


@pytest.mark.parametrize(("ending", "said"), [("reset", "was reset"), ("retire", "was stopped or closed")])
def test_a_run_that_ends_before_it_answers_says_how(
    client: Client, run: Run, monkeypatch: pytest.MonkeyPatch, ending: str, said: str
) -> None:
    def ended(_: object) -> Future[None]:
        getattr(run, ending)()
        answer: Future[None] = Future()
        answer.cancel()
        return answer

    monkeypatch.setattr(run, "ask", ended)
    refused = client.post(run, ONE)
    assert (refused.status, refused.text) == (409, f"The run {said} before it could answer.")


def test_directions_are_kept_by_name_and_forgotten(client: Client, run: Run) -> None:
    keep: dict[str, Any] = {"name": "a wide smile", "vector": [1.0, 0.0], "found": "SeFa", "iteration": 3}
    assert client.post(run, json.dumps(keep), "directions").json() == [keep]
    assert client.send("GET", f"/live/{run.id}/directions").json() == [keep]
    assert run.fork().directions == run.directions
    path = f"/live/{run.id}/directions?name={quote(keep['name'])}"
    gone = client.send("DELETE", path, Origin=f"http://{client.host}")
    assert gone.json() == []


@pytest.mark.parametrize(
    "kept",
    [
        {"name": "", "vector": [1.0, 0.0]},
        {"name": "x" * 41, "vector": [1.0, 0.0]},
        {"name": "long", "vector": [1.0, 0.0, 0.0]},
        {"name": "none", "vector": []},
        {"name": "more", "vector": [1.0, 0.0], "run": "other"},
    ],
)
def test_bad_directions_are_not_kept(client: Client, run: Run, kept: dict[str, Any]) -> None:
    assert client.post(run, json.dumps(kept), "directions").status == 400
    assert not run.directions


def test_picked_latents_are_kept_with_the_run(client: Client, run: Run) -> None:
    picked = [[0.5, -1.0], [2.0, 0.25]]
    assert client.send("GET", f"/live/{run.id}/picks").json() == []
    assert client.post(run, json.dumps(picked), "picks").json() == picked
    assert client.send("GET", f"/live/{run.id}/picks").json() == picked
    assert run.fork().picks == run.picks == ((0.5, -1.0), (2.0, 0.25))


@pytest.mark.parametrize("picked", ["[[1.0]]", "[[1.0, 2.0, 3.0]]", "[[1.0, NaN]]", "{}", str([[0.0, 0.0]] * 13)])
def test_what_are_no_latents_of_the_run_are_not_kept(client: Client, run: Run, picked: str) -> None:
    assert client.post(run, picked, "picks").status == 400
    assert run.picks == ()


def test_it_works_below_a_base_path(client: Client, run: Run) -> None:
    assert client.post(run, ONE, base="/some/base").status == 200


def test_the_last_recorded_step_comes_again_to_the_last_byte_and_trains_nothing(client: Client, run: Run) -> None:
    own = {"Origin": f"http://{client.host}"}
    assert client.send("GET", f"/live/{run.id}/trace", **own).status == 204
    first = client.post(run, b"", "trace").content
    newest = client.post(run, b"", "trace").content
    again = client.send("GET", f"/live/{run.id}/trace", **own)
    assert (again.content, run.iteration) == (newest, 2)
    assert again.content != first
    run.reset()
    assert client.send("GET", f"/live/{run.id}/trace", **own).status == 204
