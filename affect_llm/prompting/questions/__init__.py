"""Questions about a clip: what they ask of, what may be said to them, and what may not.

topic       a question becomes what it is about, by fixed tables; the same for every reasoner
beyond      what no cue can say: thoughts, honesty, health, names, other times and places
facts       what the answer for the clip itself says, in sentences of ours
relevance   the cues that a topic is about
offers      true sentences about them, for a model that chooses
prompts     the question as a prompt, for a model that writes and for one that chooses
reply       a completion becomes a checked reply
"""
