"""`affect-llm eval …`: score predictions, compare two systems, run suites."""

from affect_llm.cli.lazy import Verb, lazy_app

EVAL_VERBS = {
    "score": Verb(
        "affect_llm.cli.eval_score:score", "Score a file of predictions against a gold file."
    ),
    "compare": Verb(
        "affect_llm.cli.eval_compare:compare", "Test whether one of two systems is better."
    ),
    "run": Verb("affect_llm.cli.eval_run:run", "Answer a suite's items and score the answers."),
    "agreement": Verb(
        "affect_llm.cli.eval_agreement:agreement", "Say how far raters agree beyond chance."
    ),
    "evidence": Verb(
        "affect_llm.cli.eval_evidence:evidence",
        "Check explanations against the cues of their own clips.",
    ),
    "preference": Verb(
        "affect_llm.cli.eval_preference:preference",
        "Ask a reasoner which of two descriptions people would prefer.",
    ),
    "list": Verb("affect_llm.cli.eval_list:list_suites", "List the suites and what they need."),
}

eval_app = lazy_app(
    EVAL_VERBS, add_completion=False, help="Score predictions, compare two systems, run suites."
)


@eval_app.callback()
def evaluate() -> None:
    """Score predictions, compare two systems, run suites.

    Every score comes with an interval, trivial baselines, and a count of everything left out.
    """
