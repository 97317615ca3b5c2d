"""The adapter's folder of a finished run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from affect_llm import __version__
from affect_llm.adapters.folder import (
    CALIBRATION_FILE,
    FUSION_FOLDER,
    save_adapter,
)
from affect_llm.adapters.manifest import (
    AdapterManifest,
    AdapterPapers,
    BaseModelRef,
    TrackEncoder,
)
from affect_llm.fusion.checkpoint import save_fusion
from affect_llm.prompting.calibration import Calibration
from affect_llm.prompting.reason import road_file
from affect_llm.training.sft.measurement import main_road
from affect_llm.training.sft.model import ADAPTER, SftModel
from affect_llm.training.sft.settings import SftSettings


@dataclass(frozen=True, slots=True)
class Papers:
    """What lies beside the weights.

    Args:
        base: that the adapter belongs on.
        tracks: encoders of the projector.
        calibration: None where the validation part was too small.
        pages: card and reports, by file name.
    """

    base: BaseModelRef
    tracks: tuple[TrackEncoder, ...]
    calibration: Calibration | None
    pages: Mapping[str, str]


def save_run(out: Path, settings: SftSettings, model: SftModel, papers: Papers) -> AdapterManifest:
    """Write LoRA, projector, calibration and pages, whole or not at all."""

    def write(folder: Path) -> None:
        if settings.trains_lora:
            _save_lora(model, papers.base.name, folder)
        if model.fusion is not None:
            save_fusion(model.fusion, folder / FUSION_FOLDER)
        if papers.calibration is not None:
            text = papers.calibration.model_dump_json(indent=2) + "\n"
            (folder / CALIBRATION_FILE).write_text(text, encoding="utf-8")
        for name, page in papers.pages.items():
            (folder / name).write_text(page, encoding="utf-8")

    road = main_road(settings)
    return save_adapter(
        out,
        AdapterPapers(
            name=settings.name,
            base=papers.base,
            prompt=road_file(road).passport,
            road=road,
            tracks=papers.tracks,
            affect_llm=__version__,
        ),
        write,
    )


def _save_lora(model: SftModel, base: str, folder: Path) -> None:
    """In peft's format; the base is named as people know it, not by where it lay."""
    model.llm.peft_config[ADAPTER].base_model_name_or_path = base
    model.llm.save_pretrained(str(folder), save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)
