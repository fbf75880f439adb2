"""Units, offices, factions, allies, powers, rungs and groups that do not fit, and the message each has to give."""

from __future__ import annotations

from bad.edits import Mistake, add_line, both, cell, drop_line, remove

FORCES = [
    Mistake("no table of offices", remove("offices.csv"), "offices.csv: given no such file;", "offices.csv"),
    Mistake(
        "no police row",
        drop_line("forces.csv", 4),
        "forces.csv: place: given no row of police for dunes",
        "a unit of an organ of kind police in each place",
    ),
    Mistake(
        "unit twice",
        cell("forces.csv", 3, "unit", "police-harbour"),
        "forces.csv:3: unit: given 'police-harbour'",
        "first on line 2",
    ),
    Mistake(
        "unknown organ",
        cell("forces.csv", 8, "organ", "gard"),
        "forces.csv:8: organ: given 'gard'",
        "did you mean 'guard'?",
    ),
    Mistake("no table of organs", remove("organs.csv"), "organs.csv: given no such file;", "since version 0.3"),
    Mistake(
        "organ of no kind",
        cell("organs.csv", 3, "kind", "militia"),
        "organs.csv:3: kind: given 'militia'",
        "one of police, guard, army, security",
    ),
    Mistake(
        "organ that nothing calls to duty",
        cell("organs.csv", 3, "duty", "always"),
        "organs.csv:3: duty: given 'always'",
        "one of streets, alarm, barracks",
    ),
    Mistake(
        "organ with the name of the allied troops",
        add_line("organs.csv", "allied,Allied,army,barracks,false,false"),
        "organs.csv:6: organ: given 'allied'",
        "stands for allied troops",
    ),
    Mistake(
        "no organ of police",
        cell("organs.csv", 2, "kind", "guard"),
        "forces.csv: place: given no row of police for harbour",
        "an organ of kind police",
    ),
    Mistake(
        "unit in no place",
        cell("forces.csv", 8, "place", "harbor"),
        "forces.csv:8: place: given 'harbor'",
        "did you mean 'harbour'?",
    ),
    Mistake(
        "unit under no office",
        cell("forces.csv", 8, "office", "interior-gard"),
        "forces.csv:8: office: given 'interior-gard'",
        "did you mean 'interior-guard'?",
    ),
    Mistake(
        "unit under another organ's office",
        cell("forces.csv", 8, "office", "defence"),
        "forces.csv:8: office: given 'defence'",
        "an office that commands the organ guard (interior-guard), or blank",
    ),
    Mistake(
        "firearms over all",
        cell("forces.csv", 8, "firearm_share", "1.2"),
        "forces.csv:8: firearm_share: given '1.2'",
        "number from 0 to 1",
    ),
    Mistake(
        "half a vehicle",
        cell("forces.csv", 8, "vehicles", "0.5"),
        "forces.csv:8: vehicles: given '0.5'",
        "whole number from 0 to 1000000",
    ),
    Mistake(
        "locals below none",
        cell("forces.csv", 8, "local_share", "-0.1"),
        "forces.csv:8: local_share: given '-0.1'",
        "number from 0 to 1",
    ),
    Mistake("unit without source", cell("forces.csv", 8, "source", ""), "forces.csv:8: source: given nothing"),
]

OFFICES = [
    Mistake(
        "office of no faction",
        cell("offices.csv", 2, "faction", "governer"),
        "offices.csv:2: faction: given 'governer'",
        "did you mean 'governor'?",
    ),
    Mistake(
        "office of an unknown organ",
        cell("offices.csv", 2, "organ", "allied"),
        "offices.csv:2: organ: given 'allied'",
        "a organ of organs.csv",
    ),
    Mistake(
        "posts over all",
        cell("offices.csv", 2, "post_weight", "0.4"),
        "offices.csv: post_weight: given a sum of 1.1",
        "sum to 1",
    ),
    Mistake(
        "no presidency",
        cell("offices.csv", 2, "presidency", "false"),
        "offices.csv: presidency: given 0 offices with true",
        "true for exactly one office",
    ),
    Mistake(
        "two presidencies",
        cell("offices.csv", 5, "presidency", "true"),
        "offices.csv:5: presidency: given 2 offices with true",
        "true for exactly one office",
    ),
    Mistake(
        "removable post of another",
        cell("offices.csv", 6, "removable", "true"),
        "offices.csv:6: removable: given 'true'",
        "holds the presidency",
    ),
    Mistake(
        "successor of no faction",
        cell("offices.csv", 3, "successor", "friend"),
        "offices.csv:3: successor: given 'friend'",
        "a faction of factions.csv",
    ),
    Mistake(
        "successor of himself",
        cell("offices.csv", 3, "successor", "founder"),
        "offices.csv:3: successor: given 'founder'",
        "another faction than the one that holds it",
    ),
    Mistake(
        "successor to the presidency",
        cell("offices.csv", 2, "successor", "founder"),
        "offices.csv:2: successor: given 'founder'",
        "blank for the presidency",
    ),
    Mistake(
        "half a bid",
        add_line("factions.csv", "friends,Friends,0.5,0,,0.1,0,x,x,assumed"),
        "factions.csv:4: stake_move: given nothing",
        "both blank: the faction has no bid and never moves",
    ),
    Mistake(
        "patron without a bid",
        both(cell("factions.csv", 3, "move_prize", ""), cell("factions.csv", 3, "stake_move", "")),
        "factions.csv:3: stake_move: given nothing",
        "or a removable post, has a bid",
    ),
    Mistake(
        "belief over 1",
        cell("factions.csv", 2, "belief", "1.5"),
        "factions.csv:2: belief: given '1.5'",
        "number from 0 to 1",
    ),
    Mistake(
        "faction twice",
        cell("factions.csv", 3, "faction", "governor"),
        "factions.csv:3: faction: given 'governor'",
        "first on line 2",
    ),
]

ABROAD = [
    Mistake(
        "contingent in no place",
        cell("allies.csv", 2, "place", "port"),
        "allies.csv:2: place: given 'port'",
        "a place of places.csv",
    ),
    Mistake(
        "contingent with a unit's id",
        cell("allies.csv", 2, "contingent", "guard-harbour"),
        "allies.csv:2: contingent: given 'guard-harbour'",
        "an id that no unit of forces.csv has; line 8 has it",
    ),
    Mistake(
        "arrival before the call",
        cell("allies.csv", 2, "arrive_h", "-1"),
        "allies.csv:2: arrive_h: given '-1'",
        "number from 0 to 10000",
    ),
    Mistake(
        "stance over 1",
        cell("powers.csv", 3, "stance", "-1.5"),
        "powers.csv:3: stance: given '-1.5'",
        "number from -1 to 1",
    ),
    Mistake(
        "word after the horizon",
        cell("powers.csv", 3, "said_local", "2030-03-11T00:00"),
        "powers.csv:3: said_local: given '2030-03-11T00:00'",
        "a time within the case",
    ),
]

LADDER = [
    Mistake(
        "rung of no kind",
        cell("ladder.csv", 3, "kind", "posture_cordn"),
        "ladder.csv:3: kind: given 'posture_cordn'",
        "did you mean 'posture_cordon'?",
    ),
    Mistake(
        "rung of no trigger",
        cell("ladder.csv", 3, "trigger", "onstreet"),
        "ladder.csv:3: trigger: given 'onstreet'",
        "did you mean 'on_street'?",
    ),
    Mistake(
        "rung after none",
        cell("ladder.csv", 5, "of_rung", ""),
        "ladder.csv:5: of_rung: given nothing",
        "the rung it follows, since the trigger is after",
    ),
    Mistake(
        "rung after an unknown one",
        cell("ladder.csv", 5, "of_rung", "ofer"),
        "ladder.csv:5: of_rung: given 'ofer'",
        "did you mean 'offer'?",
    ),
    Mistake(
        "rung with a trigger of its own after another",
        cell("ladder.csv", 4, "of_rung", "cordon"),
        "ladder.csv:4: of_rung: given 'cordon'",
        "blank, since the trigger is on_street",
    ),
    Mistake(
        "rungs that wait for each other",
        both(cell("ladder.csv", 4, "trigger", "after"), cell("ladder.csv", 4, "of_rung", "cut")),
        "ladder.csv:4: of_rung: given 'cut'",
        "a rung that does not itself wait for this one",
    ),
    Mistake(
        "rung after itself",
        cell("ladder.csv", 5, "of_rung", "cut"),
        "ladder.csv:5: of_rung: given 'cut'",
        "a rung that does not itself wait for this one",
    ),
    Mistake(
        "rung that replaces nothing known",
        cell("ladder.csv", 3, "replaces", "harbor-cordon"),
        "ladder.csv:3: replaces: given 'harbor-cordon'",
        "did you mean 'harbour-cordon'?",
    ),
    Mistake(
        "rung that replaces twice",
        cell("ladder.csv", 3, "replaces", "harbour-cordon;harbour-cordon"),
        "ladder.csv:3: replaces: given",
        "each once",
    ),
    Mistake(
        "rung with half a scope",
        cell("ladder.csv", 3, "scope", "coast"),
        "ladder.csv:3: scope: given 'coast'",
        "one of triggering, nation",
    ),
    Mistake(
        "price rung without price",
        both(cell("ladder.csv", 4, "value", ""), cell("ladder.csv", 4, "unit", "")),
        "ladder.csv:4: value: given nothing",
        "a number, since the kind is price_promise",
    ),
    Mistake(
        "rung with a value without unit",
        cell("ladder.csv", 3, "unit", ""),
        "ladder.csv:3: unit: given nothing",
        "a unit where there is a value",
    ),
    Mistake(
        "redeployment without number",
        cell("measures.csv", 3, "kind", "redeploy"),
        "measures.csv:3: value: given nothing",
        "a number, since the kind is redeploy",
    ),
    Mistake(
        "redeployment in another unit",
        both(
            cell("measures.csv", 3, "kind", "redeploy"),
            cell("measures.csv", 3, "value", "100"),
            cell("measures.csv", 3, "unit", "people/day"),
        ),
        "measures.csv:3: unit: given 'people/day'",
        "people, since the kind is redeploy",
    ),
]

GROUPS = [
    Mistake(
        "group of no kind",
        cell("groups.csv", 2, "kind", "crimnal"),
        "groups.csv:2: kind: given 'crimnal'",
        "did you mean 'criminal'?",
    ),
    Mistake(
        "group in no place",
        cell("groups.csv", 2, "scope", "cost"),
        "groups.csv:2: scope: given 'cost'",
        "did you mean 'coast'?",
    ),
    Mistake(
        "group with unknown targets",
        cell("groups.csv", 2, "targets", "shops;banks"),
        "groups.csv:2: targets: given 'shops;banks'",
        "kinds of sites joined by ;",
    ),
    Mistake(
        "group before the case",
        cell("groups.csv", 2, "start_local", "2030-02-20T00:00"),
        "groups.csv:2: start_local: given '2030-02-20T00:00'",
        "a time within the case",
    ),
    Mistake(
        "group that never leaves by that name",
        cell("groups.csv", 2, "leaves_when", "forced"),
        "groups.csv:2: leaves_when: given 'forced'",
        "did you mean 'force'?",
    ),
    Mistake(
        "arms over all",
        cell("groups.csv", 2, "arms_brought_share", "2"),
        "groups.csv:2: arms_brought_share: given '2'",
        "number from 0 to 1",
    ),
]

SITES = [
    Mistake(
        "site with a place's id",
        cell("sites.csv", 2, "site", "flare"),
        "sites.csv:2: site: given 'flare'",
        "an id that no region and no place has",
    ),
]

STATE_SIDE = [*FORCES, *OFFICES, *ABROAD, *LADDER, *GROUPS, *SITES]
