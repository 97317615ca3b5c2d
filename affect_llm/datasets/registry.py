"""Corpus name → reader."""

from affect_llm.datasets.reading import Reader
from affect_llm.registry import Registry

DATASETS: Registry[Reader] = Registry(
    "datasets",
    {
        "dailydialog": "affect_llm.datasets.dailydialog:read_dailydialog",
        "emodb": "affect_llm.datasets.emodb:read_emodb",
        "emotiontalk": "affect_llm.datasets.emotiontalk:read_emotiontalk",
        "fer2013": "affect_llm.datasets.fer2013:read_fer2013",
        "goemotions": "affect_llm.datasets.goemotions:read_goemotions",
        "isear": "affect_llm.datasets.isear:read_isear",
        "meld": "affect_llm.datasets.meld:read_meld",
        "ravdess": "affect_llm.datasets.ravdess:read_ravdess",
        "xed": "affect_llm.datasets.xed:read_xed",
    },
)
