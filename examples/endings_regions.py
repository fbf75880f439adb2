"""Regions of the parameters in which each ending was found, and the wave on which the map is drawn; data only."""

from __future__ import annotations

from dataclasses import dataclass, field

CONCESSIONS = ("price_cut", "price_promise", "price_cap", "pay_rise", "cabinet_dismissed")
FORCE = ("posture_live", "shoot_order", "redeploy", "retake", "appeal", "arrival")
REPRESSION = (
    *FORCE, "emergency", "curfew", "posture_batons", "posture_gas", "posture_rubber", "mass_arrests", "network_cut",
)  # fmt: skip


@dataclass(frozen=True)
class Region:
    """A set of conditions, the ending that it was searched for, and in words what it says.

    set: "mechanism.parameter" -> value. without: kinds of recorded measures left out.
    """

    name: str
    ending: str
    about: str
    set: dict[str, float] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    government: str = "scripted"


WAVE = {"news.b_news": 1.65}
# Beliefs that hardly move and sharp choices: nobody in office turns against the president because of a crowd alone.
FIRM = {
    "factions.c_turnout": 0.1, "factions.c_sites": 0.1, "factions.c_refusing": 0.0, "factions.c_capital": 0.0,
    "factions.kappa": 0.05,
}  # fmt: skip
DISLOYAL = {
    "loyalty.base": 1.0, "loyalty.rate": 0.4, "loyalty.over": 0.5, "loyalty.belief": 0.0, "loyalty.unity": 0.0,
    "loyalty.relief": 0.0, "loyalty.back": 0.01, "loyalty.others": 2.0,
}  # fmt: skip
STUBBORN = {"fighting.calm": 0.1, "fighting.own": 0.01, "sites.speed": 2.0, "sites.fighters_people": 20.0}
ASIDE = {"loyalty.over": 3.0, "loyalty.aside": 2.0, "engagement.disarmed_at_loss": 0.1, "arms.regained": 0.6}
FEW_SHOTS = {
    "engagement.hits_live": 0.004, "engagement.lethality": 0.1, "engagement.force_killed": 0.0004,
    "engagement.force_disarmed": 0.002, "engagement.return_fire_people": 100.0,
}  # fmt: skip
DEADLY = {"engagement.hits_live": 0.1, "engagement.return_fire_people": 3.0}

REGIONS = (
    Region("record", "calm after concession", "Every default; measures stand at their recorded hours."),
    Region(
        "early-offers", "calm after concession",
        "A stronger wave, and a government that answers by its ladder instead of by the record.", WAVE,
        government="responsive",
    ),
    Region(
        "force-alone", "calm after repression", "Deadly fire, firm offices, no concession.",
        {"news.b_news": 1.6, **FIRM, **DEADLY}, CONCESSIONS,
    ),
    Region(
        "force-against-arms", "calm after repression", "Many fight and take up arms, firm offices, no concession.",
        {**WAVE, **FIRM, "fighting.own": 0.005, "engagement.lethality": 0.4, "engagement.hits_live": 0.05}, CONCESSIONS,
    ),
    Region(
        "force-and-offers", "calm after repression and concession", "Deadly fire, firm offices, the recorded offers.",
        {"news.b_news": 1.6, **FIRM, **DEADLY},
    ),
    Region(
        "arms-and-offers", "calm after repression and concession", "Many fight and take up arms, the recorded offers.",
        {**WAVE, **FIRM, "fighting.own": 0.01, "loyalty.base": 1.0},
    ),
    Region(
        "early-move", "palace change", "The patron's faction means to move from 3 January on, and beliefs fall easily.",
        {
            "factions.intent": 4.0, "factions.start_h": 60.0, "factions.c_turnout": 1.6, "factions.c_sites": 1.6,
            "factions.doubt": 0.5, "factions.doubt_h": 6.0,
        },
    ),
    Region(
        "fallen-belief", "palace change", "A stronger wave under which belief in the president falls; nobody means it.",
        {**WAVE, "factions.c_turnout": 1.6, "factions.c_sites": 1.6, "factions.doubt": 0.5},
    ),
    Region(
        "no-repression", "overthrow", "No repression at all, forces that go over, stubborn fighters, no cold.",
        {"news.b_news": 1.6, **FIRM, **STUBBORN, **DISLOYAL, "rhythm.cold_per_degree": 0.0}, REPRESSION,
    ),
    Region(
        "failed-repression", "overthrow", "Repression as recorded, no allies, forces that go over, little fear.",
        {
            "news.b_news": 1.6, **FIRM, **STUBBORN, **DISLOYAL, "rhythm.cold_per_degree": 0.0, "risk.aversion": 0.5,
            "allies.acceptance": 0.0, "engagement.lethality": 0.1, "backlash.strength": 1.5,
        },
    ),
    Region(
        "all-measures", "civil war", "All recorded measures, offices that hold, forces that stand aside.",
        {**WAVE, **FIRM, **DISLOYAL, **ASIDE, "engagement.force_disarmed": 0.002},
    ),
    Region(
        "nothing-done", "civil war", "Neither repression nor concession, forces that stand aside.",
        {**WAVE, **FIRM, **DISLOYAL, **ASIDE, "engagement.force_disarmed": 0.002, "fighting.own": 0.005},
        (*REPRESSION, *CONCESSIONS),
    ),
    Region(
        "aside-few-shots", "contested", "No allies and no army sent; forces stand aside and few shots are fired.",
        {
            "news.b_news": 1.7, **FIRM, **DISLOYAL, **ASIDE, **FEW_SHOTS, "allies.acceptance": 0.0,
            "fighting.own": 0.005,
        },
        ("retake", "redeploy", "posture_live", "shoot_order"),
    ),
    Region(
        "idle-few-shots", "contested", "Neither repression nor concession; forces stand aside and few shots are fired.",
        {**WAVE, **FIRM, **DISLOYAL, **ASIDE, **FEW_SHOTS, "fighting.own": 0.005}, (*REPRESSION, *CONCESSIONS),
    ),
)  # fmt: skip

MAP = Region(
    "map", "", "The other settings are those of a wave that reaches Almaty, with firm offices.",
    {**WAVE, **FIRM, "fighting.own": 0.005},
)  # fmt: skip
LOYALTY = (0.0, 1.0, 2.0, 3.0)
CONCESSION = (0.0, 0.25, 0.5, 1.0)
