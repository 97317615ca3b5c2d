"""An adapter's folder: written whole or not at all, opened as it was written or not at all."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from affect_llm.adapters.manifest import AdapterManifest, AdapterPapers
from affect_llm.errors import ConfigError, WeightsError
from affect_llm.prompting.calibration import Calibration
from affect_llm.store.digests import sha256_of

MANIFEST_FILE = "manifest.json"
LORA_CONFIG, LORA_WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
FUSION_FOLDER = "fusion"
FUSION_CONFIG, FUSION_WEIGHTS = "fusion.json", "fusion.safetensors"
CALIBRATION_FILE = "calibration.json"
_PICKLES = ("adapter_model.bin", "pytorch_model.bin")


@dataclass(frozen=True, slots=True)
class Adapter:
    """A folder whose files are those its manifest names."""

    folder: Path
    manifest: AdapterManifest
    calibration: Calibration | None

    @property
    def fusion_folder(self) -> Path | None:
        """Where `fusion.load_fusion` finds the projector; None on the text road."""
        return None if self.manifest.fusion is None else self.folder / FUSION_FOLDER


def save_adapter(
    folder: Path, papers: AdapterPapers, write_files: Callable[[Path], None]
) -> AdapterManifest:
    """Write an adapter's folder so that it is the old one, or all of the new one.

    Args:
        folder: replaced if it is an adapter.
        papers: the manifest without hashes.
        write_files: writes every file but the manifest into the folder that it is given.

    Raises:
        ConfigError: `folder` holds something that is no adapter.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST_FILE).is_file():
        raise ConfigError(f"{folder} holds something that is no adapter. Name another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}-{uuid4().hex}.part")
    part.mkdir()
    try:
        write_files(part)
        manifest = AdapterManifest(
            **papers.model_dump(), **_hashes(part), configs=_config_hashes(part)
        )
        text = manifest.model_dump_json(indent=2) + "\n"
        (part / MANIFEST_FILE).write_text(text, encoding="utf-8")
        _swap(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return manifest


def open_adapter(folder: Path) -> Adapter:
    """Read an adapter's papers and hold its files against them; loads no weights.

    Raises:
        WeightsError: no adapter, an altered or missing file, or pickled weights.
    """
    manifest = _manifest(folder)
    _require_file(folder, LORA_WEIGHTS, manifest.lora, (LORA_CONFIG,))
    fusion = folder / FUSION_FOLDER
    _require_file(fusion, FUSION_WEIGHTS, manifest.fusion, (FUSION_CONFIG,))
    if _config_hashes(folder) != manifest.configs:
        raise WeightsError(
            f"{LORA_CONFIG} or {FUSION_FOLDER}/{FUSION_CONFIG} in {folder} are not those that the "
            "manifest was written for: their sha256 differ. Copy the whole folder again."
        )
    return Adapter(folder, manifest, read_calibration(folder / CALIBRATION_FILE))


def _hashes(folder: Path) -> dict[str, str]:
    files = {"lora": folder / LORA_WEIGHTS, "fusion": folder / FUSION_FOLDER / FUSION_WEIGHTS}
    return {name: sha256_of(file) for name, file in files.items() if file.is_file()}


def _config_hashes(folder: Path) -> dict[str, str]:
    names = (LORA_CONFIG, f"{FUSION_FOLDER}/{FUSION_CONFIG}")
    return {name: sha256_of(folder / name) for name in names if (folder / name).is_file()}


def _swap(part: Path, folder: Path) -> None:
    """Two renames; a crash between them leaves the old folder beside its place."""
    old = folder.with_name(f".{folder.name}-{uuid4().hex}.old")
    if folder.exists():
        os.replace(folder, old)
    os.replace(part, folder)
    shutil.rmtree(old, ignore_errors=True)


def _manifest(folder: Path) -> AdapterManifest:
    path = folder / MANIFEST_FILE
    try:
        return AdapterManifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise WeightsError(
            f"There is no adapter in {folder}: it has no {MANIFEST_FILE}. Give the folder that "
            "'affect-llm train sft' wrote."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise WeightsError(
            f"{path} is no manifest of this version: {where}: {first['msg']}."
        ) from error


def _require_file(folder: Path, name: str, sha256: str | None, beside: tuple[str, ...]) -> None:
    if sha256 is None:
        if (folder / name).exists():
            raise WeightsError(f"{folder / name} is not in the manifest. Copy the adapter again.")
        return
    pickled = [other for other in _PICKLES if (folder / other).exists()]
    missing = [other for other in (name, *beside) if not (folder / other).is_file()]
    if missing:
        hint = f" It holds {pickled[0]}, a pickle, which is never loaded." if pickled else ""
        raise WeightsError(
            f"The adapter in {folder} lacks {', '.join(missing)}.{hint} Copy the whole folder "
            "again."
        )
    if sha256_of(folder / name) != sha256:
        raise WeightsError(
            f"{folder / name} is not the file that the manifest was written for: its sha256 "
            "differs. Copy the whole folder again."
        )


def read_calibration(file: Path) -> Calibration | None:
    """The calibration that lies beside weights; None where there is none.

    Raises:
        WeightsError: the file is malformed.
    """
    if not file.is_file():
        return None
    try:
        return Calibration.model_validate_json(file.read_bytes())
    except ValueError as error:
        raise WeightsError(f"The calibration {file} is malformed. Fit it again.") from error
