"""Downloads: mirrors in turn, checksums, nothing half done, and a sentence when all else fails."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from formats import md5
from mirrors import Mirror

from ganlab.data import DataUnavailable, downloads
from ganlab.data.downloads import Remote, fetch, missing
from ganlab.experiment import ExperimentError

CONTENT = bytes(range(256)) * 1024
NOWHERE = "http://127.0.0.1:9/file"  # the discard port, where nothing listens


def remote(*mirrors: str, content: bytes = CONTENT) -> Remote:
    return Remote("file", len(content), md5(content), mirrors)


def test_a_file_is_downloaded_once_and_kept(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files["/file"] = CONTENT
    file = remote(mirror.url + "/file")
    assert missing([file], tmp_path) == [file]
    (path,) = fetch("Test", [file], tmp_path)
    assert path.read_bytes() == CONTENT
    assert missing([file], tmp_path) == []
    fetch("Test", [file], tmp_path)
    assert mirror.asked == ["/file"]


def test_progress_rises_to_one_over_all_files(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files |= {"/file": CONTENT, "/other": CONTENT[:1000]}
    other = Remote("other", 1000, md5(CONTENT[:1000]), (mirror.url + "/other",))
    told: list[tuple[str, float]] = []
    fetch("Test", [remote(mirror.url + "/file"), other], tmp_path, lambda *said: told.append(said))
    shares = [share for _, share in told]
    assert {text for text, _ in told} == {"Downloading Test: 0 MB"}
    assert shares == sorted(shares) and len(shares) > 4
    assert 0 < shares[0] < 0.5 and shares[-1] == 1.0


@pytest.mark.parametrize("bad", ["missing", "wrong", "longer", "shorter", "breaks off", "nobody there"])
def test_a_bad_mirror_is_followed_by_the_next(mirror: Mirror, tmp_path: Path, bad: str) -> None:
    mirror.files["/good"] = CONTENT
    served = {"wrong": CONTENT[::-1], "longer": CONTENT * 2, "shorter": CONTENT[:-1], "breaks off": CONTENT}
    if bad in served:
        mirror.files["/bad"] = served[bad]
    if bad == "breaks off":
        mirror.breaks_off.add("/bad")
    first = NOWHERE if bad == "nobody there" else mirror.url + "/bad"
    (path,) = fetch("Test", [remote(first, mirror.url + "/good")], tmp_path)
    assert path.read_bytes() == CONTENT
    assert [entry.name for entry in tmp_path.iterdir() if entry.name != "cache"] == ["file"], "nothing half done"


def test_when_every_mirror_fails_a_sentence_says_so_and_what_to_do(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files["/wrong"] = CONTENT[::-1]
    with pytest.raises(DataUnavailable) as error:
        fetch("Test", [remote(NOWHERE, mirror.url + "/none", mirror.url + "/wrong")], tmp_path)
    assert isinstance(error.value, ExperimentError)
    assert str(error.value) == (
        "Test is not on this computer yet and could not be downloaded (127.0.0.1:9: can't be reached; "
        f"{mirror.url[7:]}: error 404; {mirror.url[7:]}: sent another file). Check the connection and try again. Or "
        "choose the handwritten digits or the shapes: they come with GanLab and need no download."
    )
    assert not [entry for entry in tmp_path.iterdir() if entry.name != "cache"]


def test_after_a_failure_the_mirrors_are_left_alone_for_a_while(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "WAIT_AFTER_FAILURE", 60.0)
    for _ in range(3):
        with pytest.raises(DataUnavailable, match="error 404"):
            fetch("Test", [remote(mirror.url + "/none")], tmp_path)
    assert len(mirror.asked) == 1
    monkeypatch.setattr(downloads, "WAIT_AFTER_FAILURE", 0.0)
    mirror.files["/none"] = CONTENT
    assert fetch("Test", [remote(mirror.url + "/none")], tmp_path)


def test_a_silent_mirror_is_given_up(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "PATIENCE", 0.1)
    mirror.files["/good"] = CONTENT
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/file"
        assert fetch("Test", [remote(url, mirror.url + "/good")], tmp_path)
        with pytest.raises(DataUnavailable, match="no answer"):
            fetch("Other", [Remote("other", 10, "", (url,))], tmp_path)


def test_a_file_damaged_on_disk_is_downloaded_again(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files["/file"] = CONTENT
    (tmp_path / "file").write_bytes(CONTENT[:-1])
    (path,) = fetch("Test", [remote(mirror.url + "/file")], tmp_path)
    assert path.read_bytes() == CONTENT


def test_two_that_want_the_same_file_share_one_download(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files["/file"] = CONTENT
    file = remote(mirror.url + "/file")
    threads = [threading.Thread(target=fetch, args=("Test", [file], tmp_path)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mirror.asked == ["/file"]
