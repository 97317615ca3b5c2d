"""Plausible misreadings of the published rules, each of which the comparison must notice.

Every mutant changes one rule in the package; the same label sets are then scored by it and by
`slow_wheel_rules`. If nothing differs, the comparison is blind to that rule.
"""

import random

import made_up_tables
import numpy as np
import pytest
import slow_wheel_rules

from affect_llm.labels.official import label_text as label_string
from affect_llm.labels.official import tables_2025
from affect_llm.labels.official.word_tables import METRICS, WordTables
from affect_llm.metrics import hit_rate as hits
from affect_llm.metrics import label_rows, open_set_score, set_overlap
from affect_llm.metrics.emotion_wheel import LEVEL_1, OfficialVocabulary
from affect_llm.metrics.hit_rate import hit_rate
from affect_llm.metrics.open_set_score import score_open_set
from affect_llm.metrics.set_overlap import Overlap

WORDS = [
    *made_up_tables.RING_WORDS, "merry", "merrier", "pale", "paleness", "faded", "Flatly", "GLAD",
    "rosy", "low's", "junk", "neutral", "it's sunny", "it’s sunny", "sun-lit", "warmth", " low ",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made_up_tables.write_folder(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def tables(folder):
    return slow_wheel_rules.read_2025(folder)


def label_sets(seed):
    draw = random.Random(seed)
    names = [f"clip_{i}" for i in range(draw.choice([1, 2, 9, 40]))]

    def labels(longest):
        words = [draw.choice(WORDS) for _ in range(draw.randint(0, longest))]
        return draw.choice([str(words), f"[{', '.join(words)}]", f"[{', '.join(words)}]."])

    return {name: labels(3) for name in names}, {name: labels(4) for name in names}


def differences(folder, tables, cache):
    vocabulary = OfficialVocabulary.official("2025", folder, cache)
    found = []
    for seed in range(25):
        gold, said = label_sets(seed)
        scores = score_open_set(gold, said, vocabulary)
        for name in METRICS:
            f1, precision, recall, n = slow_wheel_rules.score(tables, gold, said, name, False)
            ours = scores.metrics[name]
            pairs = [(ours.f1, f1), (ours.precision, precision), (ours.recall, recall)]
            if any(number(a) != number(b) for a, b in pairs) or ours.n != n:
                found.append((seed, name))
        for name, zero in (("ov-mer", False), ("mer2026", True)):
            metrics = LEVEL_1 if zero else METRICS
            expected = slow_wheel_rules.average(tables, gold, said, metrics, zero)
            if number(scores.averages[name]) != number(expected):
                found.append((seed, name))
        ours = hit_rate(gold, said, vocabulary)
        expected = slow_wheel_rules.hit_rate(tables, gold, said)
        if [number(ours.hit_rate), number(ours.mscore)] != [number(e) for e in expected]:
            found.append((seed, "hit rate"))
    return found


def number(value):
    return "nan" if value is None or value != value else repr(float(value))


def test_the_package_as_it_is_differs_nowhere(folder, tables, tmp_path):
    assert differences(folder, tables, tmp_path) == []


def smallest_group(self, bases):
    """The smallest group name of all candidates instead of the first candidate's."""
    candidates = {word for base in bases for word in self.synonyms[base]}
    rings = [{ring[w] for w in candidates if w in ring} for ring in self.rings.values()]
    return [bases[0], self.synonyms[bases[0]][0], *(min(r, default=None) for r in rings)]


def first_base_only(self, bases):
    """Candidates from the first base word alone, as M2 takes them."""
    return GROUPS(self, bases[:1])


def all_bases_in_m2(self, bases):
    """M2 from the synonyms of every base word."""
    groups = GROUPS(self, bases)
    groups[1] = min(word for base in bases for word in self.synonyms[base])
    return groups


def last_candidate(self, bases):
    """The last candidate on the wheel instead of the first."""
    candidates = sorted({word for base in bases for word in self.synonyms[base]}, reverse=True)
    rings = [next((r[w] for w in candidates if w in r), None) for r in self.rings.values()]
    return [bases[0], self.synonyms[bases[0]][0], *rings]


def first_candidate_or_nothing(self, bases):
    """Only the very first candidate is looked up, on the wheel or not."""
    first = min(word for base in bases for word in self.synonyms[base])
    return [bases[0], self.synonyms[bases[0]][0], *(r.get(first) for r in self.rings.values())]


def earlier_place_wins(wheel, level):
    """A word in two branches belongs to the first."""
    ring = {}
    for level1, middle in wheel.items():
        ring.setdefault(level1, level1 if level == 1 else min(middle))
        for level2, outer in middle.items():
            for word in (level2, *outer):
                ring.setdefault(word, level1 if level == 1 else level2)
    return ring


def first_middle_in_the_sheet(wheel, level):
    """An inner word goes to its branch's first middle word in the sheet."""
    ring = RING(wheel, level)
    return ring | ({} if level == 1 else {inner: next(iter(wheel[inner])) for inner in wheel})


def pairs_across_runs(path):
    """Synonyms of every run belong to the words of run 1."""
    columns = [f"{kind}_run{run}" for run in range(1, 9) for kind in ("word", "synonym")]
    found = {}
    for row in tables_2025.read_xlsx(path, columns):
        word = row["word_run1"].strip().lower()
        for run in range(1, 9):
            others = [row[f"word_run{run}"], *label_string.label_list(row[f"synonym_run{run}"])]
            for synonym in (word, *others):
                found.setdefault(synonym.strip().lower(), set()).add(word)
    return {synonym: tuple(sorted(words)) for synonym, words in found.items()}


def words_without_themselves(path):
    """A wheel word is not its own synonym, unless nothing else is."""
    found = SYNONYMS(path)
    return {w: tuple(x for x in words if x != w) or words for w, words in found.items()}


def own_form_dropped(path):
    """A base word is not a form of itself if it has other bases."""
    found = BASES(path)
    return {f: tuple(b for b in bases if b != f) or bases for f, bases in found.items()} | {
        "faded": ("merry",)
    }


def unknown_words_charged(words, grouping):
    """A word without a group counts as one of its own."""
    codes, groups = CODES(words, grouping)
    own = groups + np.arange(len(words))
    return np.where(codes < 0, own, codes), groups + len(words)


def mentions_instead_of_groups(side, codes, groups):
    """Two words of one group count twice."""
    found = codes[side.words]
    keys = side.clips[found >= 0] * groups + found[found >= 0]
    return np.sort(keys)


def empty_predictions_skipped(self):
    """A clip without predicted groups is left out."""
    return (self.gold > 0) & (self.predicted > 0)


def empty_gold_kept(self):
    """A clip without gold groups is scored."""
    return np.ones(len(self.gold), dtype=bool)


def mean_of_f(found, zero):
    """F per clip, then averaged, instead of F of the averages."""
    precision, recall, f1 = MEANS(found, zero)
    total = found.precision() + found.recall()
    clip = np.where(total > 0, 2 * found.precision() * found.recall() / np.maximum(total, 1e-9), 0)
    return precision, recall, None if f1 is None else float(np.mean(clip))


def zero_rule_of_2026(found, zero):
    """What is undefined counts as 0 in 2025 too."""
    return MEANS(found, True)


def zero_rule_of_2025(found, zero):
    """What is undefined stays so in 2026 too."""
    return MEANS(found, False)


def f_of_sums(precision, recall):
    """The arithmetic mean of precision and recall."""
    return None if precision is None or recall is None else (precision + recall) / 2


def every_bracket(text):
    """All brackets and a last dot go."""
    return PIECES(text.strip("[]."))


def apostrophes_stay(text):
    """Apostrophes inside words do not separate."""
    inner = text.removeprefix("[").removesuffix("]").replace('"', ",")
    return [piece.strip().strip("'") for piece in inner.split(",")]


def spaces_separate(text):
    """Blanks are separators too."""
    return [word for piece in PIECES(text) for word in piece.split()]


def whole_labels_parsed(gold):
    """mscore's set of all gold labels is parsed and lower-cased like the gold itself."""
    return {label.lower() for labels in gold.values() for label in label_string.label_list(labels)}


GROUPS, MEANS, CODES = WordTables.groups, open_set_score._means, set_overlap.word_codes
RING, SYNONYMS, BASES = tables_2025._ring, tables_2025._synonyms, tables_2025._bases
PIECES = label_string.label_pieces
MUTANTS = [
    (WordTables, "groups", smallest_group),
    (WordTables, "groups", first_base_only),
    (WordTables, "groups", all_bases_in_m2),
    (WordTables, "groups", last_candidate),
    (WordTables, "groups", first_candidate_or_nothing),
    (tables_2025, "_ring", earlier_place_wins),
    (tables_2025, "_ring", first_middle_in_the_sheet),
    (tables_2025, "_synonyms", pairs_across_runs),
    (tables_2025, "_synonyms", words_without_themselves),
    (tables_2025, "_bases", own_form_dropped),
    (set_overlap, "word_codes", unknown_words_charged),
    (set_overlap, "clip_groups", mentions_instead_of_groups),
    (Overlap, "scored", property(empty_predictions_skipped)),
    (Overlap, "scored", property(empty_gold_kept)),
    (open_set_score, "_means", mean_of_f),
    (open_set_score, "_means", zero_rule_of_2026),
    (open_set_score, "_means", zero_rule_of_2025),
    (open_set_score, "f_score", f_of_sums),
    (label_rows, "label_pieces", every_bracket),
    (label_rows, "label_pieces", apostrophes_stay),
    (label_rows, "label_pieces", spaces_separate),
    (hits, "whole_labels", whole_labels_parsed),
]


def mutant_name(value):
    return getattr(getattr(value, "fget", value), "__name__", None)


@pytest.mark.parametrize(("place", "rule", "mutant"), MUTANTS, ids=mutant_name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_comparison_notices(monkeypatch, folder, tables, tmp_path, place, rule, mutant):
    monkeypatch.setattr(place, rule, mutant)
    assert differences(folder, tables, tmp_path)


def test_adding_in_another_order_shows_in_the_last_digit():
    """Twelve F are added row by row; numpy would add a single column in another order."""
    draw = np.random.default_rng(0)
    tables = [draw.random((12, 3)) for _ in range(200)]
    assert any(np.mean(t, axis=0)[0] != np.mean(t[:, 0].copy()) for t in tables)
    for table in tables:
        made = iter(table.tolist())

        def means(found, zero, made=made):
            f1, precision, recall = next(made)
            return precision, recall, f1

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(open_set_score, "_means", means)
            average = open_set_score.average(dict.fromkeys(METRICS), "ov-mer")
        assert average == np.mean(table.tolist(), axis=0).tolist()[0]
