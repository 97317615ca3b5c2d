"""JSON lines: anyone's, `affect-llm analyze --json`, and the log of an `eval run`."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from affect_llm.errors import DataError
from affect_llm.evaluation.log import LogHead
from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.tables.table import Cell, Kind, Table
from affect_llm.json_lines import numbered_lines, parse_object
from affect_llm.types import RESULT_SCHEMA, EmotionResult

Row = Mapping[str, Cell]


def read_json_lines(path: Path, text: str) -> Table:
    """One object a line; a key that a line lacks is a cell without value.

    Lines of `affect-llm/result@1` become rows with name, label, openset, confidence, valence,
    arousal, dominance and reason; failures a row with nothing but a name. A prediction log's
    rows have name, group, gold, label, confidence and state.

    Raises:
        DataError: a line is not a JSON object, or not what its schema says.
    """
    rows = [
        (number, cast(Row, _writable(parse_object(line, f"{path}, line {number}"))))
        for number, line in numbered_lines(text)
    ]
    if not rows:
        raise DataError(f"{path} holds no rows.")
    kind: Kind = "JSON lines"
    if set(rows[0][1]) == set(LogHead.model_fields):
        kind, rows = "prediction log", [(n, _logged(path, n, row)) for n, row in rows[1:]]
    elif any(row.get("schema_version") == RESULT_SCHEMA for _, row in rows):
        kind, rows = "results", [(n, _explained(path, n, row)) for n, row in rows]
    names = list(dict.fromkeys(name for _, row in rows for name in row))
    columns = {name: [row.get(name) for _, row in rows] for name in names}
    return Table(path, kind, columns, [number for number, _ in rows])


def _writable(cell: Cell) -> Cell:
    """The same without lone surrogates, which JSON can escape but UTF-8 cannot write."""
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode("utf-8")
    if isinstance(cell, list):
        return [_writable(item) for item in cell]
    if isinstance(cell, dict):
        return {str(_writable(key)): _writable(value) for key, value in cell.items()}
    return cell


def _logged(path: Path, number: int, row: Row) -> Row:
    try:
        prediction = Prediction.model_validate(row)
    except ValidationError as error:
        raise DataError(f"{path}, line {number} is no row of a prediction log.") from error
    return {
        "name": prediction.id,
        "group": prediction.group,
        "gold": prediction.gold,
        "label": prediction.shown,
        "confidence": prediction.confidence,
        "state": prediction.state,
        "reason": " ".join(sentence.text for sentence in prediction.explanation),
    }


def _explained(path: Path, number: int, row: Row) -> Row:
    if set(row) == {"clip_name", "error"}:
        return {"name": row["clip_name"]}
    try:
        result = EmotionResult.model_validate(row)
    except ValidationError as error:
        raise DataError(f"{path}, line {number} is no {RESULT_SCHEMA}.") from error
    label = result.labels[0] if result.labels and not result.abstained else None
    return {
        "name": result.clip_name,
        "label": label,
        "openset": [] if label is None else list(dict.fromkeys((label, *result.open_labels))),
        "confidence": result.confidence,
        "valence": result.valence,
        "arousal": result.arousal,
        "dominance": result.dominance,
        "reason": " ".join(s.text for s in result.explanation if s.support == "supported"),
    }
