"""Judges of explanations: by rules, by any reasoner, or against the clip's own cues.

`describe.judge_descriptions` scores texts against reference texts; `registry.open_judge` opens a
judge by name. What each score means, and what it cannot mean, stands in docs/judges.md.
"""
