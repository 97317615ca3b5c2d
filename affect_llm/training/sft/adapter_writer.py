"""The adapter's folder of a finished run."""

from collections.abc import Mapping
from pathlib import Path

from affect_llm import __version__
from affect_llm.adapters.folder import CALIBRATION_FILE, FUSION_FOLDER, save_adapter
from affect_llm.adapters.manifest import AdapterDescription, BaseModelRef, TrackEncoder
from affect_llm.adapters.tracks import TrackReader
from affect_llm.fusion.checkpoint import save_fusion
from affect_llm.prompting.calibration import Calibration
from affect_llm.prompting.reason import road_file
from affect_llm.training.sft.measurement import main_road
from affect_llm.training.sft.model import ADAPTER, SftModel
from affect_llm.training.sft.settings import SftSettings


def save_run(
    out: Path,
    settings: SftSettings,
    model: SftModel,
    *,
    base: BaseModelRef,
    reader: TrackReader | None,
    calibration: Calibration | None,
    pages: Mapping[str, str],
) -> None:
    """Write LoRA, projector, calibration and pages, whole or not at all.

    Args:
        out: folder of the adapter.
        settings: of the run.
        model: trained.
        base: that the adapter belongs on.
        reader: of the projector's features; None without a projector.
        calibration: None where the validation part was too small.
        pages: card and reports, by file name.
    """

    def write(folder: Path) -> None:
        if settings.trains_lora:
            # In peft's format; the base is named as people know it, not by where it lay.
            model.llm.peft_config[ADAPTER].base_model_name_or_path = base.name
            model.llm.save_pretrained(str(folder), save_embedding_layers=False)
            (folder / "README.md").unlink(missing_ok=True)
        if model.fusion is not None:
            save_fusion(model.fusion, folder / FUSION_FOLDER)
        if calibration is not None:
            text = calibration.model_dump_json(indent=2) + "\n"
            (folder / CALIBRATION_FILE).write_text(text, encoding="utf-8")
        for name, page in pages.items():
            (folder / name).write_text(page, encoding="utf-8")

    road = main_road(settings)
    description = AdapterDescription(
        name=settings.name,
        base=base,
        prompt=road_file(road).provenance,
        road=road,
        tracks=()
        if reader is None
        else tuple(
            TrackEncoder(
                track=track.name,
                encoder=track.encoder,
                options=track.options,
                passport=reader.encoders[track.name].provenance,
            )
            for track in settings.tracks
        ),
        affect_llm=__version__,
    )
    save_adapter(out, description, write)
