"""The question's schema really constrains a model, random weights or not."""

import sys
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.conversation import Conversation
from affect_llm.prompting.questions.facts import facts_of
from affect_llm.prompting.questions.offers import offered_answers
from affect_llm.prompting.questions.prompts import choosing_prompt, writing_prompt
from affect_llm.prompting.questions.topic import read_question
from affect_llm.prompting.result import parse_answer
from affect_llm.reasoners.local.causal_lm import CausalLM
from affect_llm.reasoners.local.embedded import open_embedded
from affect_llm.types import EmotionResult

sys.path.insert(0, str(Path(__file__).parents[1] / "prompting"))
from ask_clips import CUES, asked_clip


def small_clip() -> EmotionResult:
    """One that fits into a thousand tokens of a tiny tokenizer."""
    return asked_clip(cues=CUES[:1])


def test_a_random_writer_keeps_the_schema(qwen: CausalLM) -> None:
    result = small_clip()
    topic = read_question("why?", 10.0)
    prompt = writing_prompt("why?", topic, result, facts_of(result)[:1], ())
    room = qwen.context_tokens - sum(qwen.count_tokens(m.content) for m in prompt.messages)
    assert room > 100
    (completion,) = qwen.complete([prompt], max_new_tokens=room)
    assert completion.text.startswith('{"said":{"answerable":')
    if completion.finish == "stop":
        parse_answer(completion, prompt)


def test_the_embedded_model_chooses_what_holds() -> None:
    embedded = open_embedded(Settings(device="cpu"))
    result = asked_clip()
    conversation = Conversation(result, embedded, 400)
    replies = [conversation.ask(q) for q in ("why?", "why not anger?", "and for P2?")]
    assert all(reply.sentences and reply.unparsed is None for reply in replies)
    assert all(s.support == "supported" for reply in replies for s in reply.sentences)
    groups = offered_answers(read_question("why?", 10.0), result)
    assert choosing_prompt(result, groups).labels == ()
