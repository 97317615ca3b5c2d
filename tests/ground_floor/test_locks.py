"""A second run on a folder is told of the first; a dead one holds nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from affect_llm.errors import ConfigError
from affect_llm.locks import file_lock, sole_run

HOLD = """
import sys, time
from pathlib import Path
from affect_llm.locks import sole_run
with sole_run(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    sentence = "Another training run is working in .*out. Wait until it has ended"
    second = sole_run(folder, "training run")
    with sole_run(folder), pytest.raises(ConfigError, match=sentence), second:
        pass
    assert list(tmp_path.iterdir()) == []
    with sole_run(folder):
        pass


def test_another_process_is_told_until_it_dies(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ConfigError, match="Another run"), sole_run(folder):
            pass
        holder.kill()
    with sole_run(folder):
        pass


def test_a_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "a.lock"
    with pytest.raises(ValueError, match="no"), file_lock(path):
        raise ValueError("no")
    with file_lock(path):
        assert path.is_file()
