import stat
from pathlib import Path

from ganlab.runs.watch_ids import WatchIds, server_key


def test_a_watch_id_finds_its_run_and_no_other() -> None:
    ids = WatchIds(b"key")
    assert ids.run_id(ids.of("b"), ["a", "b", "c"]) == "b"
    assert ids.run_id(ids.of("b"), ["a", "c"]) is None
    assert ids.run_id("b", ["a", "b"]) is None  # a run's own id is no watch id
    assert ids.run_id("é", ["a"]) is None


def test_only_the_server_s_key_makes_it() -> None:
    assert WatchIds(b"key").of("a") != WatchIds(b"other").of("a")


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    key = server_key(tmp_path)
    assert len(key) == 32 and server_key(tmp_path) == key
    assert [file.name for file in tmp_path.iterdir()] == ["server.key"]
    assert stat.S_IMODE((tmp_path / "server.key").stat().st_mode) == 0o600
