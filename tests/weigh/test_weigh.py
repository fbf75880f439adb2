"""Weighing on made problems with a known right answer: Gaussian accounts, an empty record, a record from elsewhere."""

from dataclasses import replace

import numpy as np
import pytest

from groundswell.weigh import checks
from groundswell.weigh.classifier import fit
from groundswell.weigh.fits import clouds
from groundswell.weigh.posterior import Adjuster, ranks, uniformity
from groundswell.weigh.sample import Sample
from groundswell.weigh.settle import classed, gain
from groundswell.weigh.stage import BOUND, folds
from groundswell.weigh.weigh import Asked, doubled, needed, weigh


def made(
    means: np.ndarray, vectors: int = 150, family: tuple[int, ...] | None = None, seed: int = 0, silent: float = 0.0
) -> Sample:
    """Runs of Gaussian accounts with unit spread around `means` (A, F), each shared vector under each account."""
    rng = np.random.default_rng(seed)
    accounts, summaries = means.shape
    drawn = np.tile(np.arange(accounts), vectors)
    vector = np.repeat(np.arange(vectors), accounts)
    theta = rng.uniform(size=(vectors, 2))[vector]
    x = means[drawn] + rng.normal(size=(len(drawn), summaries))
    x[:, -1] += 3 * theta[:, 0]
    x[rng.uniform(size=x.shape) < silent] = np.nan
    family = tuple(range(accounts)) if family is None else family
    names = tuple("abcdefgh"[:accounts])
    elements = np.stack([drawn > 0], axis=1)
    return Sample(
        x, tuple(f"o{k}" for k in range(summaries)), drawn, names, np.array(family),
        tuple(f"f{k}" for k in range(max(family) + 1)), np.eye(accounts, dtype=bool)[drawn], names, elements,
        ("third",), vector, theta, ("p0", "p1"),
    )  # fmt: skip


TWO = np.array([[-1.0, 0.0], [1.0, 0.0]])


def test_families_are_equal_before_accounts_within_them() -> None:
    sample = made(np.zeros((4, 2)), family=(0, 1, 1, 1))
    assert sample.prior == pytest.approx([1 / 2, 1 / 6, 1 / 6, 1 / 6])
    assert sample.weight.mean() == pytest.approx(1.0)
    assert sample.by_family(sample.prior) == pytest.approx([0.5, 0.5])


def test_probabilities_are_those_of_bayes() -> None:
    """For N(-1, 1) against N(1, 1), P(second | x) = 1 / (1 + exp(-2 x))."""
    sample = made(TWO, vectors=1000)
    at = np.array([[-1.0, 1.5], [0.0, 1.5], [0.5, 1.5], [1.5, 1.5]])
    assert fit(sample).probability(at)[:, 1] == pytest.approx(1 / (1 + np.exp(-2 * at[:, 0])), abs=0.05)


def test_a_family_is_asked_before_the_accounts_within_it() -> None:
    """Three equal accounts share their family's probability; that of the family is as where one stands for all."""
    apart = made(np.array([[-1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]), vectors=500, family=(0, 1, 1, 1))
    at = np.array([[0.5, 1.5]])
    found = fit(apart).probability(at)[0]
    assert found[1:].sum() == pytest.approx(1 / (1 + np.exp(-1.0)), abs=0.05)
    assert found[1:] / found[1:].sum() == pytest.approx([1 / 3] * 3, abs=0.06)
    only = fit(apart.rows(apart.drawn > 0))
    assert only.probability(at)[0, 0] == 0.0
    assert only.probability(at).sum() == pytest.approx(1.0)


def test_a_value_beyond_the_bound_weighs_as_much_as_one_at_it() -> None:
    """However far out a record lies, what it says is bounded."""
    classifier = fit(made(TWO, vectors=500))
    far, farther = classifier.probability(np.array([[BOUND * 2.0, 1.5], [1e6, 1.5]]))
    assert farther == pytest.approx(far)
    assert 0.9 < far[1] < 1.0


def test_runs_of_a_vector_are_on_one_side() -> None:
    vector = np.repeat(np.arange(17), 3)
    tests = []
    for train, test in folds(vector, seed=4):
        assert not set(vector[train]) & set(vector[test])
        tests += test.tolist()
    assert sorted(tests) == list(range(len(vector)))


def test_held_out_probabilities_are_reliable() -> None:
    sample = made(np.array([[0.0, 0.0], [0.7, 0.0], [0.0, 0.7]]), vectors=600)
    found = checks.reliability(fit(sample).held_out, sample.drawn, sample.weight, bins=5)
    for point in found["curve"]:
        if point["n"] >= 100:
            assert point["said"] == pytest.approx(point["true"], abs=0.06)
    assert found["log_score"] > found["log_score_prior"] == pytest.approx(-np.log(3))
    assert found["brier"] < found["brier_prior"] == pytest.approx(2 / 3)


def test_equal_accounts_are_one_set_and_others_are_not() -> None:
    means = np.array([[0.0, 0.0], [0.0, 0.0], [3.0, 0.0]])
    sample = made(means, vectors=200)
    held_out = fit(sample).held_out
    assert checks.not_separable(held_out, sample.drawn, sample.classes) == [["a", "b"]]
    matrix = checks.recovery(held_out, sample.drawn, sample.classes)
    assert matrix["c"]["n"] == 200
    assert matrix["c"]["given"]["c"]["share"] > 0.85
    assert sum(cell["share"] for cell in matrix["a"]["given"].values()) == pytest.approx(1.0)


def test_a_record_without_information_gets_about_the_prior() -> None:
    sample = made(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]), family=(0, 1, 1), vectors=300)
    found = sample.by_family(checks.null(sample, fit(sample), seed=1, records=400))
    assert found == pytest.approx([0.5, 0.5], abs=0.06)


def test_the_wilson_interval_is_the_published_one() -> None:
    """0 of 10 and 5 of 10: Newcombe (1998) gives [0, 0.2775] and [0.2366, 0.7634]."""
    assert checks.wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert checks.wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert checks.wilson(0, 0) == (0.0, 1.0)


def test_a_record_far_from_all_runs_fits_none() -> None:
    sample = made(TWO)
    inside, outside = np.array([[1.0, 1.5]]), np.array([[9.0, 1.5]])
    assert [c.fits for c in clouds(sample, inside)] == [False, True] or clouds(sample, inside)[1].fits
    far = clouds(sample, outside)
    assert not any(c.fits for c in far)
    assert all(c.outside[0] < 0.02 and c.outside[1] > 0.05 for c in far)


def test_what_no_run_ever_says_fits_none() -> None:
    """All runs say 0 of a third observation: a record that says 0 is as before, one that says 1 is beyond them."""
    sample = made(TWO)
    whole = replace(sample, x=np.hstack([sample.x, np.zeros((len(sample), 1))]), names=(*sample.names, "o9"))
    before = clouds(sample, np.array([[1.0, 1.5]]))
    assert [c.fits for c in clouds(whole, np.array([[1.0, 1.5, 0.0]]))] == [c.fits for c in before]
    assert not any(c.fits for c in clouds(whole, np.array([[1.0, 1.5, 1.0]])))


def test_intervals_of_reliability_rest_on_vectors() -> None:
    """Four copies of every run say nothing more: the interval stays, and is that of Wilson for runs on their own."""
    truth = np.tile([0, 1], 50)
    p = np.where(truth[:, None] == np.arange(2), 0.75, 0.25)
    p[:25] = p[:25, ::-1]
    one = checks.reliability(p, truth, np.ones(100))
    four = checks.reliability(np.repeat(p, 4, axis=0), np.repeat(truth, 4), np.ones(400), np.repeat(np.arange(100), 4))
    for a, b in zip(one["curve"], four["curve"], strict=True):
        assert (a["low"], a["high"]) == pytest.approx((b["low"], b["high"]))
        assert (a["low"], a["high"]) == pytest.approx(checks.wilson(a["true"] * 99, 99), abs=1e-6)
        assert b["n"] == 4 * a["n"]


def test_tests_of_posteriors_are_of_every_account() -> None:
    sample = made(np.zeros((4, 2)), vectors=200, family=(0, 1, 1, 1))
    tests = checks.one_of_each(sample, 1, 300)
    assert len(np.unique(sample.vector[tests])) == len(tests) == 200
    share = np.bincount(sample.drawn[tests], minlength=4) / 200
    assert share == pytest.approx(sample.prior, abs=0.12)


def test_own_runs_fit_as_often_as_they_should() -> None:
    """Of fresh runs of an account between five and ten percent do not fit it, however many others there are."""
    means = np.zeros((3, 4))
    sample, fresh = made(means, vectors=200), made(means, vectors=100, seed=1)
    p = np.array([clouds(sample, fresh.x[i][None])[fresh.drawn[i]].p for i in range(len(fresh))])
    assert np.mean(p < 0.05) < 0.12
    assert 0.2 < np.median(p) < 0.6


def test_what_is_never_found_together_is_seen_in_the_runs_of_all_accounts() -> None:
    """Two summaries are the same in every run of eight accounts with 30 runs each: a record has them a little apart."""
    sample = made(np.zeros((8, 2)), vectors=30)
    x = np.repeat(np.linspace(-2, 2, len(sample)), 2).reshape(-1, 2)[np.random.default_rng(5).permutation(len(sample))]
    together = replace(sample, x=x)
    assert all(c.fits for c in clouds(together, np.array([[0.5, 0.5]])))
    assert not any(c.fits for c in clouds(together, np.array([[0.5, 0.2]])))
    one = together.rows(together.drawn == 0)
    assert clouds(one, np.array([[0.5, 0.2]]))[0].fits


def test_posteriors_have_uniform_ranks_and_move_to_the_truth() -> None:
    sample = made(np.array([[0.0, 0.0], [1.0, 0.0]]), vectors=600)
    adjuster = Adjuster(sample, np.array([0, 1]))
    counts, p = uniformity(ranks(adjuster, sample.vector, np.arange(0, len(sample), 3)))
    assert counts.sum(axis=1) == pytest.approx([400, 400])
    assert (p > 0.001).all()
    low, high = (adjuster.posterior(np.array([0.0, x])).quantiles()[2] for x in (-1.0, 4.0))
    assert high[0] - low[0] > 0.2  # the summary moves with p0
    assert abs(high[1] - low[1]) < 0.15  # and not with p1


def test_information_gain_by_hand() -> None:
    """A fair coin that is the family: 1 bit. A coin of its own: 0 bits."""
    family = np.tile([0, 1], 500)
    told = gain(family.astype(float), family, np.ones(1000), 2)
    silent = gain(np.repeat([0.0, 1.0], 500), family, np.ones(1000), 2)
    assert told is not None and silent is not None
    assert told["bits"] == pytest.approx(1.0, abs=0.01)
    assert told["share"] == pytest.approx(1.0, abs=0.01)
    assert silent["bits"] == pytest.approx(0.0, abs=0.005)
    assert gain(family.astype(float), family, np.r_[np.ones(60), np.zeros(940)], 2) is None


def test_never_and_cannot_be_said_are_classes_of_their_own() -> None:
    classes = classed(np.array([1.0, 2.0, np.inf, np.nan, np.inf]))
    assert classes[2] == classes[4]
    assert len({classes[0], classes[2], classes[3]}) == 3


def test_a_weighing_finds_the_planted_account_and_says_what_it_stands_on() -> None:
    means = np.array([[-1.5, 0.0, 0.0], [1.5, 0.0, 0.0], [1.5, 0.0, 0.0], [0.0, 2.0, 0.0]])
    sample = made(means, vectors=80, family=(0, 1, 1, 2), silent=0.05)
    record = np.array([[1.6, 0.1, 1.4], [1.4, 0.1, 1.4]])
    verdict = weigh(sample, Asked(record, alone={"001": record[:1]}, less={"002": record}), repeats=5)
    families = verdict["families"]
    assert families["f1"]["probability"] > 0.7
    assert families["f1"]["low"] <= families["f1"]["probability"] <= families["f1"]["high"]
    assert sum(f["probability"] for f in families.values()) == pytest.approx(1.0)
    assert verdict["not_separable"] == [["b", "c"]]
    assert not verdict["none_fits"]
    assert verdict["accounts"]["b"]["fits"]
    assert verdict["mechanisms"]["third"]["bayes_factor"] > 1
    alone = verdict["without_observation"]["o0"]
    assert alone["f1"] < families["f1"]["probability"]
    assert verdict["source_alone"]["001"]["f1"] > 0.6
    assert [step["runs"] for step in verdict["doubling"]["steps"]] == [40, 80, 160, 320]


def test_few_runs_have_not_settled_however_little_they_move() -> None:
    at = Asked(np.zeros((1, 2)))
    few, enough = (doubled(made(np.zeros((2, 2)), vectors=n), at) for n in (30, 40))
    assert (few["moved"], few["settled"], len(few["steps"])) == (None, False, 4)
    assert enough["moved"] is not None


def test_how_many_runs_it_would_take_by_hand() -> None:
    """Standard error 0.025 sqrt(pi / 2) in 100 runs: a doubling moves a family by 0.025 on average; 100 (25 / 20)^2."""
    sample = made(np.zeros((2, 2)), vectors=50)
    step = 0.025 * np.sqrt(np.pi / 2) / np.sqrt(2)  # two refits this far to each side have that standard error
    means = np.array([[0.5 - step, 0.5 + step], [0.5 + step, 0.5 - step]])
    assert needed(sample, means) == pytest.approx(100 * (0.025 / 0.02) ** 2, abs=1)
    assert needed(sample, means[:1]) is None


def test_a_copy_of_an_account_takes_nothing_from_other_families() -> None:
    one = made(np.array([[-1.0, 0.0], [1.0, 0.0]]), vectors=400, family=(0, 1))
    two = made(np.array([[-1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]), vectors=400, family=(0, 1, 1))
    at = np.array([[0.3, 1.5]])
    a, b = (s.by_family(fit(s).probability(at))[0] for s in (one, two))
    assert a == pytest.approx(b, abs=0.05)


def test_too_few_runs_and_an_empty_record_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="at least 4 shared vectors"):
        weigh(made(TWO, vectors=3), Asked(np.zeros((1, 2))))
    with pytest.raises(ValueError, match="at least two classes"):
        fit(made(TWO[:1], vectors=10))
    with pytest.raises(ValueError, match="the record states none"):
        weigh(made(TWO, vectors=10), Asked(np.full((1, 2), np.nan)))
