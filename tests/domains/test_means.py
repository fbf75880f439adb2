"""What the state pays for lapses when its means are gone: prices, promises and trust; without a limit nothing does."""

from __future__ import annotations

import numpy as np
import pytest

import groundswell as gs
from domains.harness import CABINET, HARBOUR, PAY, PRICE, Bench


@pytest.fixture(scope="module")
def endless():
    return gs.run("tiny")


def lapsed_at(run) -> int:
    """Step in which concessions lapse; the number of steps where they never do."""
    lapsed = run.reading.series("lapsed") > 0
    return int(lapsed.argmax()) if lapsed.any() else len(lapsed)


def test_with_no_limit_nothing_lapses(endless):
    assert not endless.reading.series("lapsed").any()


def test_prices_go_back_and_cost_no_more_when_the_means_are_gone(endless):
    cost = endless.reading.series("spent_usd").sum(axis=1)
    run = gs.run("tiny", set={"treasury.means_usd": float(cost[-1]) / 2})
    at = lapsed_at(run)
    spent, price = run.reading.series("spent_usd"), run.reading.series("price")
    assert spent[at - 1].sum() >= cost[-1] / 2 > spent[at - 2].sum()  # seen in the step after
    for name in ("price", "on_street", "spent_usd"):
        assert np.array_equal(run.reading.series(name)[:at], endless.reading.series(name)[:at])
    # fuel stood at 50 by the cut of 4 March; without it the price of 2 March holds, 80
    assert price[at - 1, HARBOUR] == 50 and price[at, HARBOUR] == 80
    assert np.allclose(spent[at:, 0], spent[at - 1, 0])  # the head of prices
    assert run.reading.series("offer")[at, HARBOUR, PRICE] == 0
    (told,) = [row for row in run.events.to_pylist() if row["kind"] == "lapse"]
    assert (told["hour"], told["place"]) == (at, "*")
    # an offer taken back costs trust: 0.7 in log-odds by default
    before, after = run.reading.series("trust_mean")[[at - 1, at], HARBOUR]
    assert np.log(before / (1 - before)) - np.log(after / (1 - after)) == pytest.approx(0.7, abs=0.05)


def test_more_means_last_longer(endless):
    total = float(endless.reading.series("spent_usd")[-1].sum())
    at = [lapsed_at(gs.run("tiny", set={"treasury.means_usd": share * total})) for share in (0.25, 0.5, 0.9, 2.0)]
    assert at == sorted(at) and at[0] < at[2] < at[3] == 144


def test_only_what_costs_money_lapses():
    bench = Bench("measures", start={"means_gone": 1.0})
    for step in range(24 * 5):
        state = bench.step(step)
    assert state.price[HARBOUR] == 80  # the step of 2 March stands, the cut of 4 March does not
    assert state.offer[HARBOUR, PRICE] == 0 and state.offer[HARBOUR, PAY] == 0 and state.offer[HARBOUR, CABINET] == 0
    assert np.isnan(state.promised_price[HARBOUR])
    assert Bench("measures", start={"means_gone": 1.0}).step(24 * 3 + 23).curfew[HARBOUR] == 1
