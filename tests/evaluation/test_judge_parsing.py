"""What is read out of a judge's reply, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.numerals import first_number, read_score
from affect_llm.evaluation.judges.replies import JudgeReply
from affect_llm.evaluation.judges.verdicts import read_verdict

# reply, what the robust parser reads (None: refused), what the official code reads (None: crash)
REPLIES = [
    ("8", 8, 8),
    ("８", 8, 8),
    ("8.5", 8.5, 8.5),
    ("10", 10, 10),
    ("0", 0, 0),
    ("8/10", 8, 8),
    ("8 / 10.", 8, 8),
    ("8 out of 10", 8, 8),
    ("Score: 8 out of 10.", 8, 8),
    ("**Score:** 7", 7, 7),
    ("'predicted score': 8; 'reason': both mention the smile", 8, 8),
    ('{"predicted score": 6, "reason": "half"}', 6, 6),
    ("{'predicted score': 6, 'reason': 'half'}", 6, 6),
    ("predicted score: 7.5\nreason: most of the 4 clues match", 7.5, 7.5),
    ("score range 1-10, score: 9", 9, 1),
    ("I would give a score of 7, because 2 of 3 clues match.", 7, 7),
    ("The overlap score is 5.", 5, 5),
    ("Score for the overlap of clues: 4", 4, 4),
    ("Score: eight", 8, None),
    ("评分：8分", 8, 8),
    ("得分: ７", 7, 7),
    ("分数为八", 8, None),
    ("7\nBoth describe a smile, 2 clues differ.", 7, 7),
    ("score: 6. Out of 3 clues 2 match. Final score: 6", 6, 6),
    ('```json\n{"matched": ["smile"], "reason": "same", "score": 9}\n```', 9, 9),
    ('Here you are: {"matched": [], "reason": "1 of 4", "score": "3"} Thanks.', 3, 1),
    ("A score of 0 would mean nothing in common. Score: 8", 8, 0),
    ("The maximum score is 10, and I settle on a score of 6.", 6, 10),
    ("The highest score is 10.", None, 10),
    ("A score of 10 means that all match, so 6.", None, 10),
    ("-3", None, 3),
    ("score: -3", None, 3),
    ("11", None, 11),
    ("Score: 100", None, 100),
    ("3..5", None, None),
    ("score: 3..5", None, None),
    ("7-8", None, 7),
    ("Score: 7 to 8", None, 7),
    ("Score: 7~8", None, 7),
    ("80/100", None, 80),
    ("4/5", None, 4),
    ("Score: 80%", None, 80),
    ("score: 3, no: score: 9", None, 3),
    ("score range 1-10", None, 1),
    ("The first text has 3 clues and the second one 4.", None, 3),
    ("", None, None),
    (" \n ", None, None),
    ("I'm sorry, but I can't judge people's emotions.", None, None),
    ("As an AI model I cannot give a score.", None, None),
    ('{"matched": [], "reason": "x", "score": 12}', None, 12),
    ('{"matched": [], "reason": "x", "score": true}', None, None),
    ('{"matched": [], "reason": "x", "score": null}', None, None),
    ('{"matched": [], "reason": "x", "score": NaN}', None, None),
    ('{"matched": [], "reason": "x", "score": 1e999}', None, 1),
    ('{"matched": [], "reason": "x"}', None, None),
    ('{"score": 3} or rather {"score": 9}', None, 3),
    ('{"score": 3, "predicted score": 9}', None, 3),
    ('{"score": {"value": 3}}', None, 3),
]


def reply(text: str, finish: str = "stop") -> JudgeReply:
    return JudgeReply.model_validate({"key": "k", "model": "m", "text": text, "finish": finish})


@pytest.mark.parametrize(("text", "robust", "official"), REPLIES)
def test_replies_of_judges(text: str, robust: float | None, official: float | None) -> None:
    if robust is None:
        with pytest.raises(ParseFailure):
            read_verdict(reply(text), constrained=False)
    else:
        assert read_verdict(reply(text), constrained=False).score == robust
    if official is None:
        with pytest.raises(ParseFailure):
            first_number(text)
    else:
        assert first_number(text) == official


def test_what_matches_and_why_is_kept() -> None:
    text = '{"matched": ["smile", "loud voice"], "reason": "two of three", "score": 7}'
    verdict = read_verdict(reply(text), constrained=True)
    assert (verdict.matched, verdict.reason) == (("smile", "loud voice"), "two of three")


def test_a_constrained_verdict_that_was_cut_is_not_guessed_from_its_words() -> None:
    cut = '{"matched":["x"],"reason":"I would give it score: 5 bec'
    with pytest.raises(ParseFailure, match="not whole"):
        read_verdict(reply(cut, "length"), constrained=True)


def test_what_was_never_asked_has_no_verdict() -> None:
    with pytest.raises(ParseFailure, match="longer than the model reads"):
        read_verdict(reply("", "too long"), constrained=True)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_reply_is_read_or_refused(text: str) -> None:
    try:
        score = read_verdict(reply(text), constrained=False).score
    except ParseFailure:
        return
    assert 0 <= score <= 10


@settings(max_examples=50, deadline=None)
@given(st.from_regex(r"[\[\]{}\"':,.0-9eE+\-/ a-z]{0,60}", fullmatch=True))
def test_near_json_is_read_or_refused(text: str) -> None:
    try:
        assert 0 <= read_verdict(reply("score" + text), constrained=False).score <= 10
    except ParseFailure:
        return


@pytest.mark.parametrize("whole", range(11))
def test_every_whole_score_is_read(whole: int) -> None:
    assert read_score(f"Score: {whole}") == read_score(f"{whole}/10") == whole
