"""Run two reasoners on one clip's cues and put the comparison where it belongs."""

from affect_llm.cli.output import Output, check_files, save
from affect_llm.comparison import compare_answers
from affect_llm.config import Settings
from affect_llm.pipeline import Pipeline, Prepared, Source
from affect_llm.report.entry import writable
from affect_llm.types import EmotionResult


def compare_two(
    source: Source,
    names: tuple[str, str],
    settings: tuple[Settings, Settings],
    output: Output,
) -> None:
    """Explain `source` twice, from cues that are measured once where both need the same.

    The second pipeline is set up after the first has answered.

    Raises:
        AffectError: the source cannot be read, a pipeline not be set up, or the report not be
            written there.
    """
    check_files(output.report)
    pipeline = Pipeline(settings[0])
    prepared = pipeline.prepare(source)
    first = _explain(pipeline, prepared)
    known = pipeline.provenances
    del pipeline  # two large models need not be there at once
    pipeline = Pipeline(settings[1])
    if not set(pipeline.provenances) <= set(known):
        prepared = pipeline.prepare(source)
    compared = compare_answers(names, first, _explain(pipeline, prepared))
    if output.as_json:
        print(compared.model_dump_json(), flush=True)
    else:
        from affect_llm.report.compare_terminal import print_comparison

        print_comparison(compared, source.path)
    if output.report is not None:
        from affect_llm.report.html import comparison_report

        save(output.report, comparison_report(compared, source.path, output.report.parent))


def _explain(pipeline: Pipeline, prepared: Prepared) -> EmotionResult:
    (result,) = pipeline.explain([prepared])
    cleaned = writable(result)
    assert isinstance(cleaned, EmotionResult), "a result stays one"
    return cleaned
