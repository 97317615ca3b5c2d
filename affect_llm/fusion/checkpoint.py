"""A fusion as a folder: safetensors beside a config that says what must be in them."""

from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.files import write_whole
from affect_llm.fusion.config import FusionConfig, SavedFusion
from affect_llm.fusion.model import Fusion, build_fusion
from affect_llm.validation import first_problem

WEIGHTS_FILE = "fusion.safetensors"
CONFIG_FILE = "fusion.json"


def save_fusion(fusion: Fusion, folder: Path) -> str:
    """Write `fusion.safetensors` and `fusion.json`; each is whole or not there.

    Returns:
        sha256 of the weights, hexadecimal. It is the same for the same weights.
    """
    from safetensors.torch import save

    tensors = {name: t.detach().cpu().contiguous() for name, t in fusion.state_dict().items()}
    raw = save(tensors, metadata={"format": "pt"})
    digest = sha256(raw).hexdigest()
    saved = SavedFusion(fusion=fusion.config, sha256=digest)
    write_whole(folder / WEIGHTS_FILE, raw)
    write_whole(folder / CONFIG_FILE, saved.model_dump_json(indent=2) + "\n")
    fusion.provenance = _provenance(fusion.config, digest)
    return digest


def load_fusion(folder: Path, device: str = "cpu") -> Fusion:
    """The fusion in a folder, in eval mode.

    Raises:
        MissingExtra: safetensors is not installed.
        WeightsError: a file is missing, altered, or its tensors are not exactly the config's.
    """
    try:
        from safetensors import SafetensorError
        from safetensors.torch import load
    except ImportError as error:
        raise MissingExtra("a trained fusion", "llm") from error
    saved, raw = _read(folder)
    try:
        tensors = load(raw)
    except SafetensorError as error:
        raise WeightsError(f"{folder / WEIGHTS_FILE} is not a safetensors file.") from error
    fusion = build_fusion(saved.fusion)
    dtypes = {t.dtype for t in tensors.values() if t.is_floating_point()}
    if len(dtypes) == 1:
        fusion.to(dtypes.pop())
    try:
        fusion.load_state_dict(tensors, strict=True)
    except RuntimeError as error:
        wrong = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
        raise WeightsError(
            f"The tensors in {folder / WEIGHTS_FILE} do not fit {CONFIG_FILE}: {wrong[:200]}"
        ) from error
    fusion.provenance = _provenance(saved.fusion, saved.sha256)
    return fusion.eval().to(device)


def _read(folder: Path) -> tuple[SavedFusion, bytes]:
    try:
        saved = SavedFusion.model_validate_json((folder / CONFIG_FILE).read_bytes())
        raw = (folder / WEIGHTS_FILE).read_bytes()
    except ValidationError as error:
        problem = first_problem(error).clause()
        raise WeightsError(
            f"{folder / CONFIG_FILE} is not a config of this version: {problem}."
        ) from error
    except OSError as error:
        raise WeightsError(
            f"There is no fusion in {folder} ({error.strerror}): it needs {CONFIG_FILE} and "
            f"{WEIGHTS_FILE}, as training writes them."
        ) from error
    if sha256(raw).hexdigest() != saved.sha256:
        raise WeightsError(
            f"{folder / WEIGHTS_FILE} is not the file that {CONFIG_FILE} was written for: its "
            "sha256 differs. Copy the whole folder again."
        )
    return saved, raw


def _provenance(config: FusionConfig, digest: str) -> str:
    return f"fusion-{config.kind}@1#{digest[:12]}"
