from pathlib import Path, PurePosixPath

import pytest

from affect_llm.errors import UnknownComponent, WeightsError
from affect_llm.store.cache import locate, require, store_root
from affect_llm.store.entries import SUFFIXES, entries, entry


def test_the_promised_entries_are_there() -> None:
    whisper = {f"whisper-{s}" for s in ("tiny", "base", "small", "medium", "large-v3", "turbo")}
    llms = {"qwen2.5-0.5b-instruct", "qwen2.5-7b-instruct", "smollm2-1.7b-instruct"}
    single = {"face-landmarker", "silero-vad", "minilm", "clip-vit-b-32"}
    vision = {"clip-vit-large-patch14", "dinov2-base", "siglip-base-patch16-224"}
    assert whisper | llms | single | vision == set(entries())


def test_every_entry_is_safe_and_says_what_it_may_be_used_for() -> None:
    for item in entries().values():
        assert item.licence in {"MIT", "Apache-2.0"}
        assert item.revision not in {"", "main", "master", "latest"}
        assert item.kind == "folder" or len(item.files) == 1
        for file in item.files:
            path = PurePosixPath(file.path)
            assert path.suffix in SUFFIXES
            assert not path.is_absolute()
            assert ".." not in path.parts
            assert file.url.startswith("https://")


def test_a_weight_file_is_always_pinned() -> None:
    weights = [f for e in entries().values() for f in e.files if not f.path.endswith("json")]
    assert weights
    assert all(f.sha256 for f in weights)


def test_whisper_hashes_are_those_of_the_installed_package() -> None:
    whisper = pytest.importorskip("whisper")
    for name, url in whisper._MODELS.items():
        item = entries().get(f"whisper-{name}")
        if item is not None:
            assert item.files[0].url == url
            assert item.files[0].sha256 == url.split("/")[-2]


@pytest.mark.kit
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("face-landmarker", "mediapipe_face_landmarker/face_landmarker.task"),
        ("silero-vad", "silero_vad/silero_vad.onnx"),
    ],
)
def test_kit_weights_are_those_of_the_table(name: str, file: str, store: Path) -> None:
    kit = Path(__file__).parents[3] / "shared" / "data" / "weights"
    if not kit.is_dir():
        pytest.skip("the development data is not beside the project")
    from affect_llm.store.imports import import_files

    (imported,) = import_files([kit / file])
    assert imported.name == name
    assert require(name).read_bytes() == (kit / file).read_bytes()


def test_an_absent_weight_says_how_to_get_it(store: Path) -> None:
    assert locate("silero-vad") is None
    with pytest.raises(WeightsError, match="affect-llm models pull silero-vad"):
        require("silero-vad")


def test_a_wrong_name_gets_a_hint() -> None:
    with pytest.raises(UnknownComponent, match="Did you mean 'silero-vad'"):
        entry("silero_vad")


def test_without_the_variable_the_store_is_in_the_users_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AFFECT_LLM_STORE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert store_root().name == "store"
    assert store_root().parent.name == "affect-llm"


def test_asking_is_light(store: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from affect_llm.store.cache import locate; locate('silero-vad');"
        "print([m for m in ('torch', 'httpx', 'onnxruntime') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
