"""Questions about a clip that was analysed once, answered by the rules that its answer kept."""

from affect_llm.errors import ConfigError
from affect_llm.prompting.questions.facts import facts_of, stated
from affect_llm.prompting.questions.offers import offered_answers
from affect_llm.prompting.questions.prompts import Turn, choosing_prompt, writing_prompt
from affect_llm.prompting.questions.reply import CheckedReply, read_reply, reply_to
from affect_llm.prompting.questions.topic import Topic, read_question
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.types import EmotionResult, Prompt, Reply

MOST_CHARS = 1000
"""A question in more characters is a text of its own, and would push the cues out of a prompt."""
MOST_TURNS = 12
"""Turns of which a prompt tells at most: an older one is rarely what a question refers to."""
_TEMPLATE_TOKENS = 64
"""Room for the tokens that a chat template puts around the messages."""


class Conversation:
    """A conversation about one clip: its answer, the reasoner, and the turns so far.

    A reasoner that "writes" is shown cues, answer, earlier turns and the question, and each of its
    sentences is checked. One that does not chooses among sentences that hold. What the answer
    itself says, how sure it is or what is missing, is told in sentences of ours in both cases.

    Args:
        result: the answer for the clip; no question changes it.
        reasoner: the one that answers.
        max_new_tokens: longest answer.
    """

    def __init__(self, result: EmotionResult, reasoner: Reasoner, max_new_tokens: int) -> None:
        self.result = result
        self.turns: list[Turn] = []
        self._reasoner = reasoner
        self._room = max_new_tokens
        self._facts = facts_of(result)

    def ask(self, question: str) -> Reply:
        """Answer one question and remember the turn.

        Raises:
            ConfigError: the question is blank or longer than 1000 characters.
            CapabilityError: the prompt alone is longer than the reasoner's context.
        """
        question = " ".join(question.encode("utf-8", "replace").decode("utf-8").split())
        if not question:
            raise ConfigError("The question is empty; ask something about the clip.")
        if len(question) > MOST_CHARS:
            raise ConfigError(
                f"The question has {len(question)} characters and at most {MOST_CHARS} are read. "
                "Ask in fewer words."
            )
        previous = self.turns[-1].topic if self.turns else None
        topic = read_question(question, self.result.duration_s, previous)
        answer = self._answer(question, topic)
        # Asked for more, a reader has had the facts already.
        facts = [] if "more" in topic.intents else stated(self._facts, topic, self.result)
        facts = [*facts, *(fact for fact in self._facts if fact.id in answer.fact_ids)]
        once = list({fact.text: fact for fact in facts}.values())
        reply = reply_to(question, topic, self.result, once, answer)
        self.turns.append(Turn(topic, reply))
        return reply

    def _answer(self, question: str, topic: Topic) -> CheckedReply:
        if topic.empty and topic.beyond:
            return CheckedReply()
        if "writes" in self._reasoner.capabilities:
            return self._written(question, topic)
        sentences = (s for turn in self.turns for s in turn.reply.sentences)
        shown = frozenset(cue_id for sentence in sentences for cue_id in sentence.cue_ids)
        groups = offered_answers(topic, self.result, shown)
        if not groups:
            return CheckedReply()
        return self._completed(choosing_prompt(self.result, groups), 0)

    def _written(self, question: str, topic: Topic) -> CheckedReply:
        """Ask with as many of the last turns as fit; the oldest are left out first."""
        turns = self.turns[-MOST_TURNS:]
        room = self._reasoner.context_tokens - self._room - _TEMPLATE_TOKENS
        while True:
            prompt = writing_prompt(question, topic, self.result, self._facts, turns)
            read = (self._reasoner.count_tokens(message.content) for message in prompt.messages)
            if not turns or sum(read) <= room:
                return self._completed(prompt, len(self.turns) - len(turns))
            turns = turns[1:]

    def _completed(self, prompt: Prompt, forgotten: int) -> CheckedReply:
        (completion,) = self._reasoner.complete([prompt], max_new_tokens=self._room)
        return read_reply(completion, prompt, self.result, forgotten=forgotten)
