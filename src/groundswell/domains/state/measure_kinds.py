"""The kinds of measures that `measures` acts on, and those that are told alone, in the order in which they are listed.

A kind that a mechanism of its own acts on is declared there, see `Mechanism.measures`.
"""

from __future__ import annotations

from groundswell.case.kinds import MeasureKind

MEASURE_KINDS = (
    MeasureKind("price_step", "Price step", ("price", "price_high"), valued=True, lasts=True, stated=False, main=True,
                paid_from="price"),
    MeasureKind("price_cut", "Price cut", ("price", "price_high", "offered_price", "offer"), valued=True, lasts=True,
                main=True, paid_from="price"),
    MeasureKind("price_promise", "Lower price promised", ("promised_price", "offered_price", "offer"), valued=True,
                lasts=True, main=True, paid_from="price"),
    MeasureKind("price_cap", "Price cap", ("price", "capped", "offered_price", "offer"), valued=True, stated=False,
                main=True, paid_from="price"),
    MeasureKind("inquiry", "Inquiry", context=True, stated=False),
    MeasureKind("cabinet_dismissed", "Cabinet out", lasts=True, main=True),
    MeasureKind("emergency", "State of emergency", ("emergency", "posture"), main=True),
    MeasureKind("curfew", "Curfew", ("curfew",), main=True),
    MeasureKind("jamming", "Mobile network restricted", ("reach",), main=True, paid_from="network"),
    MeasureKind("network_cut", "Internet off", ("reach", "cut"), main=True, paid_from="network"),
    MeasureKind("network_window", "Internet back for hours", ("reach", "cut"), stated=False, paid_from="network"),
    MeasureKind("posture_watch", "Police watch", ("posture",), stated=False),
    MeasureKind("posture_cordon", "Police cordons", ("posture",), stated=False),
    MeasureKind("posture_batons", "Police disperse crowds", ("posture",), stated=False),
    MeasureKind("posture_gas", "Tear gas", ("posture",), stated=False),
    MeasureKind("posture_rubber", "Rubber bullets", ("posture",), stated=False),
    MeasureKind("posture_live", "Live fire", ("posture",), stated=False, main=True),
    MeasureKind("patron_removed", "Patron loses the post", ("patron_out", "conflict_open", "offer"), lasts=True,
                context=True, stated=False, main=True),
    MeasureKind("appeal", "Appeal to allies", ("appeal",), lasts=True, context=True, main=True),
    MeasureKind("arrival", "Allied troops arrive", stated=False, main=True),
    MeasureKind("shoot_order", "Order to shoot made public", ("shoot",), main=True),
    MeasureKind("speech", "Speech", context=True, stated=False, main=True),
    MeasureKind("blame_speech", "Speech that blames", ("blame",)),
    MeasureKind("pay_rise", "Pay rises", ("pay_decreed", "pay_met", "offer"), valued=True, lasts=True, paid_from="pay"),
    MeasureKind("redeploy", "Forces sent from elsewhere", ("redeploy_people",), unit="people"),
    MeasureKind("retake", "Order to retake sites", ("retake",)),
    MeasureKind("stand_by", "Order to stand by", ("stand_by_order",), stated=False),
    MeasureKind("detain_organisers", "Organisers detained", ("detain_share",), unit="share", stated=False),
    MeasureKind("mass_arrests", "Mass arrests", ("mass_arrests_scope",), main=True),
    MeasureKind("head_arrested", "Head of an organ arrested", ("head_arrested", "conflict_open"), lasts=True,
                main=True),
    MeasureKind("purge", "Posts taken from a faction", ("purge",), lasts=True),
    MeasureKind("currency_defence", "Currency defended", ("currency_usd",), unit="USD", stated=False,
                paid_from="currency"),
    MeasureKind("false_confession", "Confession shown that is false", ("falsehood",), stated=False),
    MeasureKind("deaths_denied", "Deaths denied", ("deaths_denied",), stated=False),
    MeasureKind("conflict_denied", "Conflict at the top denied", ("conflict_open",), stated=False),
    MeasureKind("departure", "Departure", context=True, stated=False, main=True),
    MeasureKind("mourning", "Day of mourning", context=True, stated=False),
    MeasureKind("other", "Other", context=True, stated=False),
)  # fmt: skip
