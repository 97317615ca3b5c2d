"""The table of corpora: name → reader."""

from affect_llm.datasets.reader import Reader
from affect_llm.registry import Registry

DATASETS: Registry[Reader] = Registry(
    "datasets",
    {
        "brighter": "affect_llm.datasets.brighter:read_brighter",
        "brighter-intensity": "affect_llm.datasets.brighter:read_brighter_intensity",
        "ch-sims": "affect_llm.datasets.sentiment_clips:read_ch_sims",
        "ch-sims-v2": "affect_llm.datasets.sentiment_clips:read_ch_sims_v2",
        "crema-d": "affect_llm.datasets.crema_d:read_crema_d",
        "dailydialog": "affect_llm.datasets.dailydialog:read_dailydialog",
        "emer": "affect_llm.datasets.described:read_emer",
        "emodb": "affect_llm.datasets.emodb:read_emodb",
        "emorynlp": "affect_llm.datasets.emorynlp:read_emorynlp",
        "emotiontalk": "affect_llm.datasets.emotiontalk:read_emotiontalk",
        "fer2013": "affect_llm.datasets.fer2013:read_fer2013",
        "goemotions": "affect_llm.datasets.goemotions:read_goemotions",
        "goemotions-ekman": "affect_llm.datasets.goemotions:read_goemotions_ekman",
        "iemocap": "affect_llm.datasets.iemocap:read_iemocap",
        "iemocap-unibench": "affect_llm.datasets.unibench:read_iemocap_unibench",
        "iemocap6": "affect_llm.datasets.iemocap:read_iemocap6",
        "isear": "affect_llm.datasets.isear:read_isear",
        "meld": "affect_llm.datasets.meld:read_meld",
        "meld-unibench": "affect_llm.datasets.unibench:read_meld_unibench",
        "mer2023": "affect_llm.datasets.unibench:read_mer2023",
        "mer2024": "affect_llm.datasets.unibench:read_mer2024",
        "mosei": "affect_llm.datasets.sentiment_clips:read_mosei",
        "mosi": "affect_llm.datasets.sentiment_clips:read_mosi",
        "open-set": "affect_llm.datasets.described:read_open_set",
        "ravdess": "affect_llm.datasets.ravdess:read_ravdess",
        "xed": "affect_llm.datasets.xed:read_xed",
    },
)
