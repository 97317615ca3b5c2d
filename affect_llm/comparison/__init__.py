"""Two answers for one clip, from the same cues, and where they differ.

contradictions  sentences of two explanations that cannot both be true
answers         the whole comparison, `affect-llm/comparison@1`
"""

from affect_llm.comparison.answers import AnswerComparison, compare_answers

__all__ = ["AnswerComparison", "compare_answers"]
