"""What the cues of a clip cannot say, and the sentence for each."""

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
