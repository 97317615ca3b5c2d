"""The reasoners that come with the package; nothing of theirs is imported here."""

from affect_llm.reasoners.spec import ReasonerSpec

EMBEDDED = ReasonerSpec(
    name="embedded",
    summary="the small model that comes with the package",
    opener="affect_llm.reasoners.local.embedded:open_embedded",
    adapter=True,
    shipped="embedded",
    cue_families=frozenset({"face", "voice", "speech", "scene"}),
)
TRANSFORMERS = ReasonerSpec(
    name="transformers",
    summary="any local checkpoint of a causal language model",
    opener="affect_llm.reasoners.local.causal_lm:open_causal_lm",
    model="required",
    adapter=True,
)
VLLM = ReasonerSpec(
    name="vllm",
    summary="a model that a running vLLM server serves",
    opener="affect_llm.reasoners.served.vllm_server:open_vllm_server",
    model="optional",
    server=True,
    adapter=True,
)
VLLM_ENGINE = ReasonerSpec(
    name="vllm-engine",
    summary="a model that vLLM runs in this process",
    opener="affect_llm.reasoners.served.vllm_engine:open_vllm_engine",
    model="required",
    model_form="a folder",
    adapter=True,
)
OPENAI = ReasonerSpec(
    name="openai",
    summary="a model behind an OpenAI-compatible server",
    opener="affect_llm.reasoners.served.openai:open_openai",
    model="optional",
    server=True,
)
OMNI = ReasonerSpec(
    name="omni",
    summary="a checkpoint that looks and listens itself",
    opener="affect_llm.reasoners.omni.omni:open_omni",
    model="required",
    model_form="a folder or a hub id of a model that takes pictures or sound",
    media=True,
)
FAKE = ReasonerSpec(
    name="fake",
    summary="made-up answers without a model, for tests and documentation",
    opener="affect_llm.reasoners.fake:open_fake",
)
