"""An adapter's folder: written whole or not at all, opened as it was written or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from affect_llm.adapters.manifest import AdapterDescription, AdapterManifest
from affect_llm.errors import ConfigError, WeightsError
from affect_llm.files import whole_folder
from affect_llm.prompting.calibration import Calibration
from affect_llm.store.digests import sha256_of
from affect_llm.validation import first_problem

MANIFEST_FILE = "manifest.json"
LORA_CONFIG, LORA_WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
FUSION_FOLDER = "fusion"
FUSION_CONFIG, FUSION_WEIGHTS = "fusion.json", "fusion.safetensors"
CALIBRATION_FILE = "calibration.json"
_PICKLES = ("adapter_model.bin", "pytorch_model.bin")
"""What peft and trainers of old leave; named in the message, never opened."""


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
    folder: Path, description: AdapterDescription, write_files: Callable[[Path], None]
) -> AdapterManifest:
    """Write an adapter's folder so that it is the old one, or all of the new one.

    Args:
        folder: replaced if it is an adapter.
        description: the manifest without hashes.
        write_files: writes every file but the manifest into the folder that it is given.

    Raises:
        ConfigError: `folder` holds something that is no adapter.
        DiskError: it cannot be written.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST_FILE).is_file():
        raise ConfigError(f"{folder} holds something that is no adapter. Name another folder.")
    with whole_folder(folder) as part:
        write_files(part)
        weights = {"lora": part / LORA_WEIGHTS, "fusion": part / FUSION_FOLDER / FUSION_WEIGHTS}
        manifest = AdapterManifest(
            **description.model_dump(),
            **{name: sha256_of(file) for name, file in weights.items() if file.is_file()},
            configs=_config_hashes(part),
        )
        text = manifest.model_dump_json(indent=2) + "\n"
        (part / MANIFEST_FILE).write_text(text, encoding="utf-8")
    return manifest


def open_adapter(folder: Path) -> Adapter:
    """Read an adapter's manifest and hold its files against it; loads no weights.

    Raises:
        WeightsError: no adapter, an altered or missing file, or pickled weights.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest = AdapterManifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise WeightsError(
            f"There is no adapter in {folder}: it has no {MANIFEST_FILE}. Give the folder that "
            "'affect-llm train sft' wrote."
        ) from error
    except ValidationError as error:
        problem = first_problem(error).clause()
        raise WeightsError(f"{path} is no manifest of this version: {problem}.") from error
    _require_file(folder, LORA_WEIGHTS, manifest.lora, LORA_CONFIG)
    _require_file(folder / FUSION_FOLDER, FUSION_WEIGHTS, manifest.fusion, FUSION_CONFIG)
    if _config_hashes(folder) != manifest.configs:
        raise WeightsError(
            f"{LORA_CONFIG} or {FUSION_FOLDER}/{FUSION_CONFIG} in {folder} are not those that the "
            "manifest was written for: their sha256 differ. Copy the whole folder again."
        )
    return Adapter(folder, manifest, read_calibration(folder / CALIBRATION_FILE))


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


def _config_hashes(folder: Path) -> dict[str, str]:
    names = (LORA_CONFIG, f"{FUSION_FOLDER}/{FUSION_CONFIG}")
    return {name: sha256_of(folder / name) for name in names if (folder / name).is_file()}


def _require_file(folder: Path, name: str, sha256: str | None, config: str) -> None:
    if sha256 is None:
        if (folder / name).exists():
            raise WeightsError(f"{folder / name} is not in the manifest. Copy the adapter again.")
        return
    missing = [other for other in (name, config) if not (folder / other).is_file()]
    if missing:
        pickled = [other for other in _PICKLES if (folder / other).exists()]
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
