import numpy as np
import pytest

from workshop.temperature import fit_temperature, negative_log_likelihood


@pytest.mark.parametrize("steepened", [0.4, 1.0, 3.0])
def test_the_temperature_undoes_a_known_scaling(steepened: float) -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 1.5, (20_000, 7))
    p = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    labels = (p.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)
    assert fit_temperature(steepened * honest, labels) == pytest.approx(steepened, rel=0.06)


def test_likelihood_by_hand() -> None:
    # softmax of (0, ln 3) is (1/4, 3/4): -(ln 1/4 + ln 3/4) / 2
    logits = np.array([[0.0, np.log(3)], [0.0, np.log(3)]])
    expected = -(np.log(0.25) + np.log(0.75)) / 2
    assert negative_log_likelihood(logits, np.array([0, 1])) == pytest.approx(expected)
