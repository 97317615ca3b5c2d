from affect_llm.prompting.checker.rulings import counts, shown
from affect_llm.types import Sentence, Support


def sentence(support: Support) -> Sentence:
    return Sentence(text=support, cue_ids=("F1",), span=None, support=support)


SENTENCES = [sentence("supported"), sentence("contradicted"), sentence("supported")]


def test_counts() -> None:
    found = counts([*SENTENCES, sentence("unsupported")])
    assert (found.supported, found.contradicted, found.unsupported) == (2, 1, 1)


def test_only_what_holds_is_shown_in_order() -> None:
    assert [s.text for s in shown(SENTENCES)] == ["supported", "supported"]
