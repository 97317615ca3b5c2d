"""Batches: what is learned, packed equals padded, and logits only where they are needed."""

import random
from pathlib import Path

import pytest
import torch
from sft_kit import TRACK, feature_rows, planted_rows, read, save_checkpoint, tiny_settings

from affect_llm.prompting.schema import LABEL_PREFIX
from affect_llm.training.loop.batches import Batch, batch_of
from affect_llm.training.loop.plan import first_fit, plan_steps
from affect_llm.training.sft.base import open_base
from affect_llm.training.sft.fresh_model import make_model
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.model_setup import ModelSetup, make_setup, open_tracks
from affect_llm.training.sft.samples import TrainingSample, prepare
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.splits import split_rows


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_checkpoint(tmp_path_factory.mktemp("sft") / "tiny", "llama")


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFFECT_LLM_FEATURES", str(tmp_path / "features"))


def made(
    folder: Path, settings: SftSettings, count: int = 8
) -> tuple[ModelSetup, list[TrainingSample], SftModel]:
    reader = open_tracks(settings.tracks, "cpu") if settings.projects else None
    setup = make_setup(open_base(settings), reader, settings)
    rows = read(folder, feature_rows(count) if settings.projects else planted_rows(count))
    parts = split_rows(rows.rows, validation_share=0, test_share=0, seed=0)
    samples = prepare(parts, rows.labels, settings, reader).parts["train"]
    model = make_model(setup, samples, settings)
    model.trains("lora+projector" if settings.projects else "lora")
    return setup, samples, model


def test_only_the_label_and_its_quote_are_learned(base: Path, tmp_path: Path) -> None:
    settings = tiny_settings(base, label_weight=6.0)
    setup, samples, _ = made(tmp_path, settings, 2)
    example = setup.maker(samples, settings)(0, 0)
    vocabulary = setup.base.reasoner.vocabulary
    learned = [(i, w) for i, w in zip(example.prompt.ids, example.weights, strict=True) if w]
    spelt = b"".join(vocabulary.token_bytes(token) for token, _ in learned).decode()
    assert samples[0].gold in LABEL_PREFIX + spelt
    assert spelt.strip('{":,').startswith(samples[0].gold)
    # The last token closes the label and has the plain weight; those of the label have their own.
    assert [weight for _, weight in learned] == [6.0] * (len(learned) - 1) + [1.0]
    assert not any(example.weights[: -len(learned)])


def test_the_answer_is_learned_to_its_end(base: Path, tmp_path: Path) -> None:
    settings = tiny_settings(base, tasks={"answer": 1.0})
    setup, samples, _ = made(tmp_path, settings, 2)
    example = setup.maker(samples, settings)(0, 0)
    assert example.prompt.ids[-1] == setup.tokens.end
    vocabulary = setup.base.reasoner.vocabulary
    learned = [i for i, w in zip(example.prompt.ids, example.weights, strict=True) if w]
    text = vocabulary.decode(learned)
    assert text.endswith("]}")
    assert '"explanation":[' in text


def test_the_projected_road_teaches_no_sentences(base: Path, tmp_path: Path) -> None:
    settings = tiny_settings(base, road="projected", tracks=[TRACK], tasks={"answer": 1.0})
    setup, samples, _ = made(tmp_path, settings, 2)
    example = setup.maker(samples, settings)(0, 0)
    text = setup.base.reasoner.vocabulary.decode(
        [i for i, w in zip(example.prompt.ids, example.weights, strict=True) if w]
    )
    assert "open_labels" in text
    assert "explanation" not in text


def test_the_loss_is_that_of_plain_transformers(base: Path, tmp_path: Path) -> None:
    settings = tiny_settings(base)
    setup, samples, model = made(tmp_path, settings, 1)
    example = setup.maker(samples, settings)(0, 0)
    model.eval()
    ids = torch.tensor([example.prompt.ids])
    labels = torch.tensor(
        [[i if w else -100 for i, w in zip(example.prompt.ids, example.weights, strict=True)]]
    )
    with torch.no_grad():
        theirs = model.llm(input_ids=ids, labels=labels).loss
        ours = model(batch_of([example])) / example.learned
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("road", ["text", "projected"])
def test_packed_and_padded_have_one_loss_and_one_gradient(
    base: Path, tmp_path: Path, road: str
) -> None:
    tracks = [] if road == "text" else [TRACK]
    settings = tiny_settings(base, road=road, tracks=tracks, tasks={"answer": 1.0})
    setup, samples, model = made(tmp_path, settings, 5)
    maker = setup.maker(samples, settings)
    examples = [maker(n, 0) for n in range(5)]
    model.eval()
    found = []
    for sizes in ([1] * 5, [3, 2], [5]):
        model.zero_grad()
        loss = model(batch_of(examples, sizes))
        loss.backward()
        grads = [p.grad.clone() for p in model.parameters() if p.grad is not None]
        found.append((loss.detach(), grads))
    assert found[0][1]
    for loss, grads in found[1:]:
        torch.testing.assert_close(loss, found[0][0], rtol=1e-5, atol=1e-4)
        torch.testing.assert_close(grads, found[0][1], rtol=1e-2, atol=5e-4)


def test_packing_without_apart_positions_would_be_noticed(base: Path, tmp_path: Path) -> None:
    """The control of the test above: one long text instead of five is another loss."""
    settings = tiny_settings(base)
    setup, samples, model = made(tmp_path, settings, 3)
    maker = setup.maker(samples, settings)
    examples = [maker(n, 0) for n in range(3)]
    model.eval()
    ids = torch.tensor([[i for e in examples for i in e.prompt.ids]])
    weights = [w for e in examples for w in e.weights]
    labels = torch.tensor(
        [[i if w else -100 for i, w in zip(ids[0].tolist(), weights, strict=True)]]
    )
    with torch.no_grad():
        joined = model.llm(input_ids=ids, labels=labels).loss
        ours = model(batch_of(examples, [3])) / sum(e.learned for e in examples)
    assert not torch.allclose(joined, ours, atol=1e-3)


def test_logits_are_computed_at_learned_places_only(base: Path, tmp_path: Path) -> None:
    settings = tiny_settings(base)
    setup, samples, model = made(tmp_path, settings, 2)
    maker = setup.maker(samples, settings)
    seen: list[torch.Size] = []
    head = model.llm.get_output_embeddings()
    handle = head.register_forward_hook(lambda _, given, out: seen.append(out.shape))
    batch = batch_of([maker(0, 0), maker(1, 0)])
    model(batch)
    handle.remove()
    learned = sum(w > 0 for e in batch.examples for w in e.weights)
    assert [shape[:2] for shape in seen] == [(1, learned)]


def test_soft_tokens_carry_gradient_and_swapping_them_changes_the_loss(
    base: Path, tmp_path: Path
) -> None:
    settings = tiny_settings(base, road="projected", tracks=[TRACK])
    setup, samples, model = made(tmp_path, settings, 2)
    maker = setup.maker(samples, settings)
    one, other = maker(0, 0), maker(1, 0)
    assert model.fusion is not None
    model.eval()
    loss = model(batch_of([one]))
    loss.backward()
    assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in model.fusion.parameters())
    swapped = type(one)(one.prompt, one.weights, other.clip)
    assert not torch.equal(model(batch_of([swapped])), loss)


def test_a_batch_without_features_still_gives_every_weight_a_gradient(
    base: Path, tmp_path: Path
) -> None:
    settings = tiny_settings(base, road="projected", tracks=[TRACK])
    setup, samples, model = made(tmp_path, settings, 1)
    model.trains("projector")
    example = setup.maker(samples, settings)(0, 0)
    model.train()
    model(batch_of([type(example)(example.prompt, example.weights, {})])).backward()
    assert all(p.grad is not None and not p.grad.any() for p in model.learning("fusion"))


def test_bins_hold_everything_once_and_never_too_much() -> None:
    rng = random.Random(1)
    lengths = [rng.randint(1, 90) for _ in range(200)]
    bins = first_fit(lengths, 100)
    assert sorted(i for b in bins for i in b) == list(range(200))
    assert all(sum(lengths[i] for i in b) <= 100 for b in bins)
    assert len(bins) <= 11 / 9 * (sum(lengths) / 100) + 1
    assert first_fit([150, 20], 100) == [[0], [1]]


@pytest.mark.parametrize("batching", ["packed", "by_length", "random"])
def test_an_epoch_has_every_example_once_and_another_order_than_the_next(batching: str) -> None:
    rng = random.Random(2)
    lengths = [rng.randint(10, 60) for _ in range(64)]
    plan = plan_steps(lengths, batching, tokens=240, row=120, size=4)  # type: ignore[arg-type]
    first, again, second = plan.epoch(0, 0), plan.epoch(0, 0), plan.epoch(0, 1)
    assert first == again != second
    assert len(first) == len(second)
    for epoch in (first, second):
        assert sorted(i for step in epoch for row in step for i in row) == list(range(64))
    if batching == "by_length":
        assert all(max(lengths[i] for r in s for i in r) * len(s) <= 240 * 1.05 for s in first)


def test_steps_are_the_same_for_the_same_epoch(base: Path, tmp_path: Path) -> None:
    settings = tiny_settings(base, tasks={"answer": 1.0}, curriculum={"tokens": [0.3, 0.3]})
    setup, samples, _ = made(tmp_path, settings, 8)
    steps = setup.steps(samples, settings)

    def read_epoch(epoch: int) -> list[Batch]:
        steps.set_epoch(epoch)
        return [steps[n] for n in range(len(steps))]

    first, other, again = read_epoch(0), read_epoch(1), read_epoch(0)
    assert first == again != other
