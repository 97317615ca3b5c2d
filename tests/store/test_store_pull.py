import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from store_table import BODY, SHA, Behaviour, serving, table

from affect_llm.errors import WeightsError
from affect_llm.store import placement as placing
from affect_llm.store.cache import locate, read_stamp, require
from affect_llm.store.entries import entry
from affect_llm.store.pull import _part_path, pull

UseTable = Callable[[str], None]


def visible(store: Path) -> list[str]:
    """Everything a reader could take for a weight."""
    return sorted(
        str(p.relative_to(store))
        for folder in ("blobs", "entries", "stamps")
        for p in (store / folder).rglob("*")
        if p.is_file()
    )


def test_a_file_arrives_verified_and_is_not_fetched_twice(store: Path, use_table: UseTable) -> None:
    behaviour = Behaviour()
    with serving(behaviour) as base:
        use_table(table(base))
        seen: list[int] = []
        stamp = pull("one", seen.append)
        pull("one")
    assert require("one").read_bytes() == BODY
    assert require("one").name == "weight.onnx"
    assert stamp.files[0].pinned
    assert stamp.files[0].sha256 == SHA
    assert behaviour.ranges == [None]
    assert sum(seen) == len(BODY)
    assert list((store / "partial").iterdir()) == []


def test_a_folder_shares_bytes_with_other_entries(store: Path, use_table: UseTable) -> None:
    behaviour = Behaviour()
    with serving(behaviour) as base:
        use_table(table(base))
        pull("one")
        stamp = pull("many")
    folder = require("many")
    assert (folder / "model.safetensors").samefile(require("one"))
    assert (folder / "sub" / "note.json").is_file()
    assert [f.pinned for f in stamp.files] == [True, False]
    assert len(behaviour.ranges) == 2, "the shared file was fetched once"


def test_what_arrived_is_not_fetched_again(store: Path, use_table: UseTable) -> None:
    behaviour = Behaviour(cut_after=100_000)
    with serving(behaviour) as base:
        use_table(table(base))
        pull("one")
    assert behaviour.ranges == [None, "bytes=100000-", "bytes=200000-"]
    assert require("one").read_bytes() == BODY


def test_a_body_that_stays_short_is_an_error_and_nothing_is_visible(
    store: Path, use_table: UseTable
) -> None:
    with serving(Behaviour(cut_after=1000)) as base:
        use_table(table(base))
        with pytest.raises(WeightsError, match="3000 bytes have arrived"):
            pull("one")
        assert visible(store) == []
        assert locate("one") is None


def test_a_server_without_ranges_starts_over(store: Path, use_table: UseTable) -> None:
    behaviour = Behaviour(ignore_range=True)
    with serving(behaviour) as base:
        use_table(table(base))
        part = _part_path(entry("one").files[0])
        part.parent.mkdir(parents=True)
        part.write_bytes(BODY[:5000])
        pull("one")
    assert behaviour.ranges == ["bytes=5000-"]
    assert require("one").read_bytes() == BODY


def test_a_finished_part_is_used_as_it_is(store: Path, use_table: UseTable) -> None:
    behaviour = Behaviour()
    with serving(behaviour) as base:
        use_table(table(base, sized=False))
        part = _part_path(entry("one").files[0])
        part.parent.mkdir(parents=True)
        part.write_bytes(BODY)
        pull("one")
    assert behaviour.ranges == [f"bytes={len(BODY)}-"]
    assert require("one").read_bytes() == BODY


@pytest.mark.parametrize("sized", [True, False])
def test_other_bytes_are_refused(store: Path, use_table: UseTable, sized: bool) -> None:
    with serving(Behaviour(wrong=True)) as base:
        use_table(table(base, sized=sized))
        with pytest.raises(WeightsError, match="not what it should be") as error:
            pull("one")
    assert SHA in str(error.value)
    assert hashlib.sha256(BODY[::-1]).hexdigest() in str(error.value)
    assert visible(store) == []
    assert list((store / "partial").iterdir()) == []


def test_more_bytes_than_promised_are_refused(store: Path, use_table: UseTable) -> None:
    with serving(Behaviour()) as base:
        use_table(table(base).replace(f"size: {len(BODY)}", "size: 1000"))
        with pytest.raises(WeightsError, match="more than the 1000 bytes"):
            pull("one")
    assert visible(store) == []


def test_an_unpinned_file_is_recorded_and_then_held_to_it(store: Path, use_table: UseTable) -> None:
    behaviour = Behaviour()
    with serving(behaviour) as base:
        use_table(table(base, pinned=False))
        stamp = pull("one")
        assert not stamp.files[0].pinned
        assert stamp.files[0].sha256 == SHA
        require("one").unlink()
        (store / "blobs" / SHA).unlink()
        assert locate("one") is None
        behaviour.wrong = True
        with pytest.raises(WeightsError, match="on first sight it was"):
            pull("one")
        behaviour.wrong = False
        pull("one")
    assert require("one").read_bytes() == BODY


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_a_sentence(store: Path, use_table: UseTable, status: int) -> None:
    with serving(Behaviour(status=status)) as base:
        use_table(table(base))
        with pytest.raises(WeightsError, match=f"answered {status}.*models import"):
            pull("one")


def test_no_server_is_a_sentence(store: Path, use_table: UseTable) -> None:
    with serving(Behaviour()) as base:
        pass
    use_table(table(base))
    with pytest.raises(WeightsError, match="could not be downloaded"):
        pull("one")


def test_a_changed_pin_makes_the_old_file_absent(store: Path, use_table: UseTable) -> None:
    with serving(Behaviour()) as base:
        use_table(table(base))
        pull("one")
        use_table(table(base).replace(f"sha256: {SHA}", "sha256: " + "f" * 64, 1))
        assert locate("one") is None


def test_too_little_space_is_said_before_anything_is_fetched(
    store: Path, use_table: UseTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "SPARE_BYTES", 10**18)
    behaviour = Behaviour()
    with serving(behaviour) as base:
        use_table(table(base))
        with pytest.raises(WeightsError, match="are free"):
            pull("one")
    assert behaviour.ranges == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_fills_up_is_a_sentence(store: Path, use_table: UseTable) -> None:
    with serving(Behaviour()) as base:
        use_table(table(base))
        part = _part_path(entry("one").files[0])
        part.parent.mkdir(parents=True)
        part.symlink_to("/dev/full")
        with pytest.raises(WeightsError, match=r"disk of .* is full"):
            pull("one")
        assert visible(store) == []


def test_a_store_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, use_table: UseTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AFFECT_LLM_STORE", str(tmp_path / "file"))
    use_table(table("http://127.0.0.1:9"))
    with pytest.raises(WeightsError, match="AFFECT_LLM_STORE"):
        pull("one")


def puller(text: str, name: str = "one") -> subprocess.Popen[str]:
    code = (
        "import sys, affect_llm.store.entries as e; from affect_llm.store.pull import pull;"
        "e._read_table = lambda: sys.argv[1]; print(pull(sys.argv[2]).files[0].sha256)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, text, name], stdout=subprocess.PIPE, text=True
    )


def test_a_killed_pull_leaves_nothing_visible_and_goes_on(store: Path, use_table: UseTable) -> None:
    behaviour = Behaviour(stall_after=120_000)
    with serving(behaviour) as base:
        use_table(table(base))
        part = _part_path(entry("one").files[0])
        process = puller(table(base))
        deadline = time.monotonic() + 20
        while not part.exists() or part.stat().st_size == 0:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert visible(store) == []
        assert locate("one") is None
        arrived = part.stat().st_size
        behaviour.stall_after = None
        behaviour.release.set()
        pull("one")
    assert behaviour.ranges == [None, f"bytes={arrived}-"]
    assert require("one").read_bytes() == BODY


def test_two_processes_fetch_once(store: Path, use_table: UseTable) -> None:
    behaviour = Behaviour()
    with serving(behaviour) as base:
        processes = [puller(table(base)) for _ in range(2)]
        outputs = [process.communicate(timeout=60)[0].strip() for process in processes]
        use_table(table(base))
        assert require("one").read_bytes() == BODY
    assert outputs == [SHA, SHA]
    assert behaviour.ranges == [None]


def test_a_torn_stamp_is_no_stamp(store: Path, use_table: UseTable) -> None:
    with serving(Behaviour()) as base:
        use_table(table(base))
        pull("one")
        stamp = store / "stamps" / "one.json"
        stamp.write_text(stamp.read_text()[:40])
        assert read_stamp("one") is None
        assert locate("one") is None
        pull("one")
        assert locate("one") is not None
