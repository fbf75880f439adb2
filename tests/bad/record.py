"""Records that cannot be used, and the message each has to give."""

from __future__ import annotations

from bad.edits import Mistake, add_line, both, cell, drop_line, remove, replace

SEEN, SAID, BY = "record/observations.csv", "record/claims.csv", "record/sources.csv"
USED = "record/calibration.csv"

RECORD = [
    Mistake("no observations", remove(SEEN), f"{SEEN}: given no such file;", f"a file named {SEEN} in the case folder"),
    Mistake(
        "unknown text", cell(BY, 2, "source", "notebok"), f"{BY}:2: source: given 'notebok'", "did you mean 'notebook'?"
    ),
    Mistake("weight below zero", cell(BY, 2, "weight", "-1"), f"{BY}:2: weight: given '-1'", "number from 0 to"),
    Mistake("weight missing", cell(BY, 2, "weight", ""), f"{BY}:2: weight: given nothing", "number from 0 to"),
    Mistake(
        "source twice", add_line(BY, "notebook,Again,text,1,"), f"{BY}:4: source: given 'notebook'", "each source once"
    ),
    Mistake(
        "kind that nothing looks at",
        cell(SEEN, 5, "kind", "crowds"),
        f"{SEEN}:5: kind: given 'crowds'",
        "did you mean 'crowd'?",
    ),
    Mistake(
        "form that the kind does not have",
        cell(SEEN, 5, "form", "share"),
        f"{SEEN}:5: form: given 'share'",
        "one of count, class, hour, yes, since the kind is crowd",
    ),
    Mistake(
        "unit of an hour",
        cell(SEEN, 2, "unit", "people"),
        f"{SEEN}:2: unit: given 'people'",
        "h, since the form is hour",
    ),
    Mistake(
        "unit of a yes",
        cell(SEEN, 6, "unit", "people"),
        f"{SEEN}:6: unit: given 'people'",
        "blank, since the form is yes",
    ),
    Mistake(
        "count without a unit",
        cell(SEEN, 5, "unit", ""),
        f"{SEEN}:5: unit: given nothing",
        "a unit, since the form is count",
    ),
    Mistake(
        "scope of an observation",
        cell(SEEN, 5, "scope", "harbor"),
        f"{SEEN}:5: scope: given 'harbor'",
        "did you mean 'harbour'?",
    ),
    Mistake(
        "crowd at a site",
        cell(SEEN, 5, "scope", "harbour-hall"),
        f"{SEEN}:5: scope: given 'harbour-hall'",
        "* or ids of regions.csv or places.csv",
    ),
    Mistake(
        "site of an observation",
        both(cell(SEEN, 6, "kind", "site"), cell(SEEN, 6, "scope", "harbor-hall")),
        f"{SEEN}:6: scope: given 'harbor-hall'",
        "places.csv or sites.csv; did you mean 'harbour-hall'?",
    ),
    Mistake(
        "window that ends first",
        cell(SEEN, 5, "end_local", "2030-03-01T00:00"),
        f"{SEEN}:5: end_local: given",
        "a time not before start_local",
    ),
    Mistake(
        "window outside the case",
        both(cell(SEEN, 6, "start_local", "2030-04-01T00:00"), cell(SEEN, 6, "end_local", "2030-04-02T00:00")),
        f"{SEEN}:6: start_local: given",
        "within the case",
    ),
    Mistake(
        "order of one event",
        cell(SEEN, 4, "of", "flare-gathers"),
        f"{SEEN}:4: of: given 'flare-gathers'",
        "the first event and the second",
    ),
    Mistake(
        "order of an unknown event",
        cell(SEEN, 4, "of", "flare-gathers;harbor-gathers"),
        f"{SEEN}:4: of: given 'harbor-gathers'",
        "did you mean 'harbour-gathers'?",
    ),
    Mistake(
        "order of what is no hour",
        cell(SEEN, 4, "of", "flare-gathers;harbour-crowd"),
        f"{SEEN}:4: of: given 'harbour-crowd'",
        "harbour-crowd has the form count",
    ),
    Mistake(
        "events of what is no order",
        cell(SEEN, 5, "of", "flare-gathers"),
        f"{SEEN}:5: of: given 'flare-gathers'",
        "blank, since the form is count",
    ),
    Mistake(
        "context that is scored",
        cell(SEEN, 9, "mode", "both"),
        f"{SEEN}:9: mode: given 'both'",
        "none, since the set is context",
    ),
    Mistake(
        "scored in no mode",
        cell(SEEN, 5, "mode", "none"),
        f"{SEEN}:5: mode: given 'none'",
        "both or joint, since it is scored",
    ),
    Mistake(
        "scored without a counterpart",
        cell(SEEN, 6, "kind", "news"),
        f"{SEEN}:6: set: given 'weigh'",
        "context, since a run has no counterpart for the kind news",
    ),
    Mistake(
        "scored without a value", drop_line(SAID, 9), f"{SEEN}:7: set: given 'weigh'", "open or context, since no claim"
    ),
    Mistake(
        "open with a value",
        cell(SEEN, 5, "set", "open"),
        f"{SAID}:5: observation: given 'harbour-crowd'",
        "no claim with a value",
    ),
    Mistake(
        "claim about nothing",
        cell(SAID, 5, "observation", "harbor-crowd"),
        f"{SAID}:5: observation: given 'harbor-crowd'",
        "a observation of record/observations.csv; did you mean 'harbour-crowd'?",
    ),
    Mistake(
        "claim of nobody",
        cell(SAID, 5, "source", "gazete"),
        f"{SAID}:5: source: given 'gazete'",
        "a source of record/sources.csv; did you mean 'gazette'?",
    ),
    Mistake(
        "unknown stance", cell(SAID, 5, "stance", "says"), f"{SAID}:5: stance: given 'says'", "states, reports, denies"
    ),
    Mistake(
        "number of an hour", cell(SAID, 2, "low", "7"), f"{SAID}:2: low: given '7'", "write start_local and end_local"
    ),
    Mistake(
        "half an interval",
        cell(SAID, 2, "end_local", ""),
        f"{SAID}:2: end_local: given nothing",
        "since the other end is given",
    ),
    Mistake(
        "interval that ends first",
        cell(SAID, 2, "end_local", "2030-03-02T05:00"),
        f"{SAID}:2: end_local: given",
        "a time not before start_local",
    ),
    Mistake(
        "interval outside the window",
        cell(SAID, 2, "end_local", "2030-03-03T09:00"),
        f"{SAID}:2: start_local: given",
        "inside the observation's window",
    ),
    Mistake(
        "interval of a number",
        cell(SAID, 5, "start_local", "2030-03-03T00:00"),
        f"{SAID}:5: start_local: given",
        "blank, since harbour-crowd has the form count",
    ),
    Mistake("number below zero", cell(SAID, 5, "low", "-5"), f"{SAID}:5: low: given '-5'", "since the form is count"),
    Mistake("half a yes", cell(SAID, 7, "low", "0.5"), f"{SAID}:7: low: given '0.5'", "0, 1 or blank"),
    Mistake("bounds", cell(SAID, 5, "low", "4000"), f"{SAID}:5: high: given '3000'", "at least low, 4000"),
    Mistake(
        "two words of one source",
        cell(SAID, 6, "source", "notebook"),
        f"{SAID}:6: source: given a second value",
        "line 5",
    ),
    Mistake(
        "claim twice",
        cell(SAID, 3, "claim", "flare-gathers"),
        f"{SAID}:3: claim: given 'flare-gathers'",
        "each claim once",
    ),
    Mistake("use that is none", cell(USED, 2, "use", "train"), f"{USED}:2: use: given 'train'", "one of fit, check"),
    Mistake(
        "use of an unknown observation",
        cell(USED, 2, "observation", "flare-gather"),
        f"{USED}:2: observation: given 'flare-gather'",
        "did you mean 'flare-gathers'?",
    ),
    Mistake(
        "use twice",
        add_line(USED, "flare-gathers,fit,6,"),
        f"{USED}:7: observation: given 'flare-gathers'",
        "each observation once; first on line 2",
    ),
    Mistake(
        "use of what is open",
        cell(USED, 2, "observation", "arms"),
        f"{USED}:2: observation: given 'arms'",
        "the set base, weigh or check (arms is of the set open)",
    ),
    Mistake(
        "discrepancy of zero", cell(USED, 2, "discrepancy", "0"), f"{USED}:2: discrepancy: given '0'", "number above 0"
    ),
    Mistake(
        "discrepancy missing",
        cell(USED, 2, "discrepancy", ""),
        f"{USED}:2: discrepancy: given nothing",
        "number above 0",
    ),
    Mistake(
        "block of what is fitted",
        cell(USED, 2, "block", "places"),
        f"{USED}:2: block: given 'places'",
        "blank, since the use is fit",
    ),
    Mistake(
        "kept back without a block",
        cell(USED, 5, "block", ""),
        f"{USED}:5: block: given nothing",
        "since the use is check",
    ),
    Mistake(
        "discrepancy without a source",
        replace("sources.toml", "[calibration.discrepancy]", "[calibration.block]"),
        "sources.toml: calibration.discrepancy: given no entry",
        "unit, source and state",
    ),
]
