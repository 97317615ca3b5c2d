"""What the cues of a clip cannot say, asked for in a question or claimed by a model's sentence.

Cues suggest; nobody is said to feel, to lie or to be ill. A sentence that says so is marked,
whatever the cues that it cites.
"""

import re

from affect_llm.prompting.checker.tokens import tokens_of
from affect_llm.prompting.questions.words import keys_in, question_words
from affect_llm.types import Sentence

BEYOND: dict[str, str] = {
    "honesty": "The cues do not say whether somebody is honest: no voice and no face shows a lie.",
    "health": "The cues do not say anything about health, and they are no ground for a diagnosis.",
    "identity": "The cues do not say who somebody is: no name, age, origin or group is measured.",
    "mind": "The cues do not say what somebody thinks, wants or is like; they show outward signs.",
    "elsewhere": "The cues do not say anything of other times and places than this clip.",
    "decision": "The cues are no ground for decisions about people, and none is suggested here.",
    "unmeasured": "The cues do not say: nothing that was measured in this clip is about that.",
    "unasked": (
        "The cues do not say: the question names nothing that can be measured. Ask of the face, "
        "the voice, the words, an emotion, a time, how sure the answer is, or what is missing."
    ),
}
"""What is said to each kind of such question; a model may only choose among these."""
_WHO = (
    r"(?:she|he|they|it|i|we|you|somebody|someone|p\d+|"
    r"the (?:\w+ )?(?:person|speaker|man|woman|boy|girl|child|subject|actor|caller|customer))"
)
_IS = r"(?:is|are|was|were|feels?|felt|has|have|had|'s|'re|becomes?|became|gets?|got|experiences?)"
_ASSERTS = re.compile(
    rf"\b{_WHO}\s*{_IS}\b(?!\s+(?:heard|seen|said|read|shown|rated|looking|sounding))"
)
_PROBLEMS = {
    "honesty": "no cue shows whether somebody is honest",
    "health": "no cue shows anything about health",
    "identity": "no cue shows who somebody is",
    "mind": "no cue shows what somebody thinks or wants",
    "decision": "the cues are no ground for decisions about people",
}


def careful(sentence: Sentence) -> Sentence:
    """The sentence, marked as unsupported where it says more of a person than cues can."""
    text = sentence.text.lower().replace("\u2019", "'")
    plain = re.sub(r"\"[^\"]*\"|\u201c[^\u201d]*\u201d", " ", text)
    reached = sorted(keys_in(plain, question_words().beyond))
    problems = [_PROBLEMS[key] for key in reached if key in _PROBLEMS]
    if asserted := _ASSERTS.search(plain):
        # Forty characters are about seven words: room for "somewhat, as it seems, very angry".
        after = plain[asserted.end() :][:40]
        if any(token.type == "emotion" for token in tokens_of(after)):
            problems.append("it says what somebody feels; cues only suggest")
    if not problems or sentence.support == "contradicted":
        return sentence
    return sentence.model_copy(update={"support": "unsupported", "problem": problems[0]})
