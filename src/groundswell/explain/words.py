"""An explanation as text: counts below 10 are not told, and no side is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.observe.harm import LEAST_PEOPLE

MOST_UNITS = 8
GONE = {
    "left": "went home", "dispersed": "were dispersed", "arrested": "were arrested", "injured": "were injured",
    "dead": "were killed", "taken_from_home": "were taken from home",
}  # fmt: skip
TERMS = {
    "base": "service itself", "unity": "unity of those above", "relief": "relief by others",
    "belief": "belief in the president", "kin": "kin in the crowd", "severity": "harshness of the order",
    "fatigue": "fatigue", "others": "other units that refuse", "consent": "consent of the people at home",
}  # fmt: skip


def people(n: float) -> str:
    """A count as it may be told."""
    return f"{n:,.0f}" if n == 0 or n >= LEAST_PEOPLE else f"under {LEAST_PEOPLE}"


def in_words(e: Mapping[str, Any], about: Mapping[str, str]) -> str:
    """The explanation as text; `about`: mechanism -> what it stands for, in a few words."""
    head = f"{e['name']}, {e['time']} and the hour that follows (local time {e['local_hour']:04.1f} h)"
    parts = [[head], _street(e), _reasons(e, about), _force(e), _fight(e), _rulers(e), _standing(e)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _street(e: Mapping[str, Any]) -> list[str]:
    share = e["on_street"] / max(e["adults"], 1)
    lines = [
        f"On the street: {people(e['on_street_before'])} at the beginning, {people(e['on_street'])} at the end"
        + (f", {share:.2%} of adults." if e["on_street"] >= LEAST_PEOPLE else "."),
    ]
    came = sum(e["joined"].values())
    if came >= LEAST_PEOPLE:
        shares = [f"{n / came:.0%} through {_cause(c)}" for c, n in e["joined"].items() if n]
        lines.append(f"{came:,} came out: {', '.join(shares)}.")
    else:
        lines.append(f"{people(came)} came out.")
    lines.append(", ".join(f"{people(e[key])} {what}" for key, what in GONE.items()) + ".")
    if e["fighting"] or e["took_up_fight"]:
        lines.append(f"{people(e['fighting'])} fight; {people(e['took_up_fight'])} took it up in this hour.")
    return lines


def _reasons(e: Mapping[str, Any], about: Mapping[str, str]) -> list[str]:
    lines = ["What moves people to join here, as a factor on the hazard (mean over the adults of the place):"]
    lines += [_row(x, about) for x in e["urge"]] or ["  nothing"]
    lines.append("What keeps them at home:")
    lines += [_row(x, about) for x in e["cost"]] or ["  nothing"]
    lines.append(f"  x {e['availability']:.2f}  hour of the day and calendar")
    lines.append(f"  x {e['pool_left']:.2f}  of those who can be moved, the part that is still at home")
    expected = people(round(e["hazard_per_h"] * e["adults"]))
    lines += [
        f"Against a threshold of {e['threshold']:.1f} in the log-hazard it makes {e['hazard_per_h']:.2g} per hour for",
        f"a person of mean frailty: {expected} expected of {e['adults']:,} adults, ties aside.",
    ]
    if e["on_street"] >= LEAST_PEOPLE:
        held = [f"{k} {n / e['on_street']:.0%}" for k, n in e["demands"].items() if n >= LEAST_PEOPLE]
        lines.append(f"Demands on the street: {', '.join(held) or 'none yet'}.")
    if e["strikes"]:
        lines.append(
            "On strike: " + ", ".join(f"{n} ({x:.0%} of the workforce)" for n, x in e["strikes"].items()) + "."
        )
    return lines


def _force(e: Mapping[str, Any]) -> list[str]:
    f = e["force"]
    lines = [
        f"Force in the town: posture {f['posture']} ordered{', with leave to shoot' if f['leave_to_shoot'] else ''}; "
        f"effective force here {people(f['effective_force'])}; people see a risk of arrest of "
        f"{f['risk_of_arrest_as_seen']:.0%}."
    ]
    if order := f["ordered_by"]:
        kind = order["kind"].replace("_", " ")
        lines.append(f"The order: {kind} since {order['since']}, by {order['by']} {order['id']}: {order['statement']}")
    for side, hazard in f["disperse_hazard_per_h"].items():
        if hazard:
            lines.append(f"The {side} crowd is being dispersed at {hazard:.2f} per person and hour.")
    passive = [f"{people(n)} by {cause}" for cause, n in f["passive"].items() if n]
    if passive:
        lines.append(
            f"Doing nothing: {', '.join(passive)}. The cause is known in the model; from outside it is not seen."
        )
    harmed = [f"{people(n)} {what}" for what, n in f["harm"].items() if n]
    if harmed:
        lines.append(f"Of the force in this hour: {', '.join(harmed)}.")
    units = sorted(f["units"], key=lambda u: -u["strength"])
    lines += [_unit(u) for u in units[:MOST_UNITS]]
    if len(units) > MOST_UNITS:
        rest = sum(u["people"] for u in units[MOST_UNITS:])
        lines.append(f"  and {len(units) - MOST_UNITS} smaller units, {people(rest)} people")
    for u in f["on_their_way"]:
        lines.append(f"  {u['unit']}: {people(u['people'])} people on their way, {u['hours']:.0f} h to go")
    if f["orders_not_carried_out"]:
        lines.append("An order to retake a site here came to nothing in this hour.")
    return lines


def _unit(u: Mapping[str, Any]) -> str:
    states = [u["obedience"]]
    if u["stands_by_order_of"]:
        states.append(f"stands by on the order of {u['stands_by_order_of']}")
    if u["fallen_back"]:
        states.append("has fallen back exhausted")
    command = f", under {u['commander']}" if u["commander"] else ""
    lines = (
        f"  {u['unit']} ({u['organ']}{command}): {people(u['people'])} of {people(u['strength'])} fit, "
        f"{people(u['on_duty'])} on duty, fatigue {u['fatigue']:.2f}; {', '.join(states)}"
    )
    if u["loyalty_terms"]:
        shown = {k: x for k, x in u["loyalty_terms"].items() if abs(x) >= 0.005}
        terms = ", ".join(f"{TERMS.get(k, k)} {x:+.2f}" for k, x in shown.items())
        lines += f"\n    loyalty {u['loyalty']:+.2f}: {terms}"
    return lines


def _fight(e: Mapping[str, Any]) -> list[str]:
    f = e["fight"]
    lines = []
    for x in f["sites"]:
        crowd = x["peaceful"] + x["fighting"] + x["outsiders"]
        if not (crowd or x["held_by"] == "the crowd" or x["burned"]):
            continue
        holder = f", held by {x['held_by']}" if x["held_by"] else ""
        lost = f" (lost at {x['lost_at']})" if x["lost_at"] and x["held_by"] == "the crowd" else ""
        words = f"  {x['site']}{holder}{lost}: {people(x['peaceful'])} peaceful, {people(x['fighting'])} fighting"
        if x["outsiders"]:
            words += f", {people(x['outsiders'])} of organised groups"
        if x["armed"]:
            words += f", {people(x['armed'])} armed"
        words += f"; force {people(x['force'])}, doing nothing {people(x['force_passive'])}"
        if crowd and x["force"]:
            words += f"; the force prevails with {x['chance_that_force_prevails']:.0%}"
        lines.append(words + ("; burned" if x["burned"] else ""))
    if lines:
        lines.insert(0, "Sites:")
    arms = [f"{people(n)} {origin}" for origin, n in list(f["arms"].items())[:3] if n]
    if arms:
        lines.append(f"Firearms in the crowd's hands: {', '.join(arms)}.")
    if f["on_their_way"]:
        lines.append(f"{people(f['on_their_way'])} of the place are on their way to a site.")
    if f["shops_looted"]:
        lines.append(f"{people(f['shops_looted'])} shops looted in this hour.")
    return lines


def _rulers(e: Mapping[str, Any]) -> list[str]:
    r, a = e["rulers"], e["allies"]
    lines = [
        f"  {x['faction']}: gives the president {x['belief_that_president_survives']:.0%}, {x['choice']}"
        for x in r["factions"]
    ]
    if lines:
        removed = "; the patron has been removed" if r["patron_removed"] else ""
        lines.insert(0, f"Those who rule: the presidency is with {r['presidency']}{removed}.")
        passed = [x for x in r["offices"] if x["held_by"] != x["commands"]]
        for x in passed:
            lines.append(f"  {x['office']}: held by {x['held_by']}, its organ still obeys {x['commands']}")
    if a["asked"] or a["prepared"]:
        asked = f"asked at {a['asked']}" if a["asked"] else "not asked"
        prepared = f", prepared from {a['prepared']} on" if a["prepared"] else ""
        decided = f", decided at {a['decided']}" if a["decided"] else ", not decided"
        lines.append(
            f"Allies: {asked}{prepared}{decided}; {people(a['people'])} troops in the country, "
            f"{people(a['people_in_town'])} in this town."
        )
    return lines


def _standing(e: Mapping[str, Any]) -> list[str]:
    return [f"Standing: {m['kind'].replace('_', ' ')}: {m['statement']}" for m in e["measures"]]


def _row(x: Mapping[str, Any], about: Mapping[str, str]) -> str:
    factor = x["factor"]
    shown = f"{factor:,.0f}" if factor >= 100 else f"{factor:.2g}"
    return f"  x {shown:<8} ({x['log_hazard']:+.2f})  {x['mechanism']}: {about.get(x['mechanism'], '')}"


def _cause(cause: str) -> str:
    return "grievance, news and the crowd they see" if cause == "grievance" else f"ties of the {cause}"
