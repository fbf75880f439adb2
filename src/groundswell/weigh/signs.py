"""What accounts predict of an observation against what their runs give: signs of paired differences.

An account says of an observation "+" (more, later), "-" (fewer, earlier) or "0" (the same as in the common base). Its
run of a shared vector is compared with that of an account that is the common base, of the same vector, mode and seed;
where none such is played, with the mean of the vector's other accounts. Values are what runs did and not what was
reported of them: hours and orders cut to the record's horizon, counts as log10(1 + x), so that a difference is a ratio.

    d_v = x_v(account) - x_v(common base),      mean d -/+ t_(n-1, 0.975) * sd(d) / sqrt(n) over vectors v
    least = REPORTED * error of reporting such a value

The sign found is "+" or "-" where the interval leaves out 0, else "0" where it lies within least on both sides (an
equivalence test: Schuirmann 1987), else open. A difference that lies within least is small, whatever its sign: too
small to be seen in a record, and so no less than none for a prediction of "0". No account is scored by this: it shows
what the model makes of an account beside what the account says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from groundswell.accounts import Account, Accounts
from groundswell.record import Record
from groundswell.record.features import reporting_error
from groundswell.record.reporting import Reporting
from groundswell.weigh.reported import Runs

REPORTED = 0.5  # a mean difference below half the error with which the value is reported counts as none
FEWEST = 8  # vectors; with fewer the sign is left open
CONFIDENCE = 0.95


def signs(runs: Runs, record: Record, accounts: Accounts, mode: str) -> dict[str, Any]:
    """Every prediction with a sign beside the sign that is found, as plain data.

    Args:
        runs: of one mode. record, accounts: of the case. mode: "conditional" or "joint".

    Returns:
        `against`: id of the account that is the common base, or None: the mean of the others. `rows`: for each
        prediction `account`, `observation`, `words`, `source`, `line`, `predicted`, `found` ("+", "-", "0", or None:
        open), `small` (whether the whole interval lies within least), `difference`, `low`, `high`, `least` (in the
        scale above), `scale` ("h", "log10", or the form),
        `vectors`, `agrees` (None where it cannot be said) and `why` it cannot: "input" (the mode gives it), "base" (the
        account is the common base itself), "open" (the interval leaves it open), "few" (vectors). `notes`: what an
        account's file says of its predictions.
    """
    against = common_base(accounts, runs)
    values, least = scaled(runs, record), REPORTED * reporting_error(record, np.zeros(len(record)), Reporting())
    drawn, vector = np.asarray(runs.columns["account"]), np.asarray(runs.columns["vector"])
    rows = []
    for name, account in accounts.accounts.items():
        for p in account.predicts:
            if not p.sign or not (drawn == name).any():
                continue
            o = record.observation(p.observation)
            k = record.index[o.id]
            row = {
                "account": name, "observation": o.id, "words": p.words, "source": p.source, "line": p.line,
                "predicted": p.sign, "scale": _SCALES.get(o.form, o.form), "least": float(least[k]),
            }  # fmt: skip
            if o.mode not in ("both", "none", mode):
                rows.append({**row, **_NOTHING, "why": "input"})
            elif name == against:
                rows.append({**row, **_NOTHING, "why": "base"})
            else:
                paired = differences(values[:, k], drawn, vector, name, against)
                rows.append({**row, **found(paired, float(least[k]), p.sign)})
    notes = {name: a.note for name, a in accounts.accounts.items() if a.note and (drawn == name).any()}
    return {"against": against, "rows": rows, "notes": notes}


_SCALES: Mapping[str, str] = {"hour": "h", "order": "h", "count": "log10"}
_NOTHING: Mapping[str, Any] = {
    "found": None, "small": None, "difference": None, "low": None, "high": None, "vectors": 0, "agrees": None
}  # fmt: skip


def common_base(accounts: Accounts, runs: Runs) -> str | None:
    """The account played that switches on nothing, narrows nothing and changes no measure; None without one."""
    played = set(runs.columns["account"])
    plain = [name for name, a in sorted(accounts.accounts.items()) if name in played and _is_base(a)]
    return plain[0] if plain else None


def _is_base(account: Account) -> bool:
    return not (account.elements or account.within or account.measures)


def scaled(runs: Runs, record: Record) -> np.ndarray:
    """(n, O) what runs did in a scale in which differences mean something; nan where it cannot be said."""
    x = np.array([one.values for one in runs.measured]).reshape(len(runs), -1)
    form, horizon = record.frame.form, record.horizon_h
    x = np.where(np.isin(form, ("hour", "order")), np.clip(x, -horizon, horizon), x)
    return np.where(form == "count", np.log10(1 + np.where(form == "count", x, 0)), x)


def differences(x: np.ndarray, drawn: np.ndarray, vector: np.ndarray, account: str, against: str | None) -> np.ndarray:
    """(v,) the account's value less that of the base, or of the mean of the others, for each vector that has both."""
    out = []
    for v in np.unique(vector[drawn == account]):
        here = vector == v
        mine = x[here & (drawn == account)]
        other = x[here & (drawn == against if against is not None else drawn != account)]
        other = other[~np.isnan(other)]
        if len(other) and not np.isnan(mine).any():
            out.append(mine.mean() - other.mean())
    return np.array(out)


def found(paired: np.ndarray, least: float, predicted: str) -> dict[str, Any]:
    """Mean difference with its interval, the sign that it has, and whether that is the one predicted."""
    from scipy.stats import t

    n = len(paired)
    if n < FEWEST:
        return {**_NOTHING, "vectors": n, "why": "few"}
    mean = float(paired.mean())
    half = float(t.ppf((1 + CONFIDENCE) / 2, n - 1) * paired.std(ddof=1) / np.sqrt(n))
    low, high = mean - half, mean + half
    small = -least <= low and high <= least
    sign = "+" if low > 0 else "-" if high < 0 else "0" if small else None
    agrees = None if sign is None else small if predicted == "0" else sign == predicted
    return {
        "found": sign, "small": small, "difference": mean, "low": low, "high": high, "vectors": n,
        "agrees": agrees, "why": "open" if sign is None else "",
    }  # fmt: skip
