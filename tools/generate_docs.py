"""Tables of the documentation, made from the code and the bundled case, put into marked blocks of docs/.

    python tools/generate_docs.py            rewrite every block
    python tools/generate_docs.py --check    change nothing; exit code 1 and a list where a block is stale

A block stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, get_args, get_origin

import groundswell as gs
from groundswell.case import Case
from groundswell.case.cells import KIND_OF_MEASURE
from groundswell.case.kinds import TOLD_KINDS, measure_kinds, observation_kinds, recorded_measures
from groundswell.case.read import file_of
from groundswell.case.schema import MAY_BE_EMPTY, OPTIONAL, SOURCED_BY_ROW, TABLES, allowed_text
from groundswell.case.statements import statements
from groundswell.case.units import CURRENCIES, PER, PLAIN
from groundswell.domains import all_mechanisms
from groundswell.engine.mechanism import ParameterInfo, Variable
from groundswell.engine.schedule import order
from groundswell.engine.state import COUNTS, RATES, SUMS
from groundswell.observe.endings import DEFINITIONS
from groundswell.observe.outcomes import OUTCOMES
from groundswell.observe.phases import LOOKED_AT
from groundswell.observe.registry import OBSERVABLES, RECORDED
from groundswell.record.reporting import reporting_parameters

DOCS = Path(__file__).resolve().parents[1] / "docs"
CASE = "kazakhstan-2022"
_BLOCK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars in cells are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


@cache
def case() -> Case:
    """The bundled case."""
    return gs.load(CASE)


# -- the model


def default(i: ParameterInfo) -> str:
    """The default of a parameter, or who gives it."""
    return f"{i.default:g}" if not i.required else "given by the case"


def parameters() -> str:
    """Every parameter of every mechanism."""
    parts = []
    for name, mechanism in all_mechanisms().items():
        fitted = case().parameters.get(name, {})
        rows = []
        for i in mechanism.parameters():
            own = fitted.get(i.name)
            start = " (acts only at the start)" if i.name in mechanism.at_start else ""
            value = "" if own is None else f"{own.value:g}"
            source = case().rests_on(f"{name}.{i.name}", i.source)
            rows.append((f"`{i.name}`", i.unit, default(i), value, i.prior, i.state, source, i.about + start))
        head = ("parameter", "unit", "default", "in the case", "prior", "state", "source", "meaning")
        texts = case().rests_on(name)
        parts.append(f"**`{name}`**\n\n{table(head, rows)}" + (f"\n\nTexts of `{CASE}`: {texts}." if texts else ""))
    fits = [
        f"- `{m}.{p}`: {v.value:g} ({v.state}; {v.source})"
        for m, own in case().parameters.items()
        for p, v in own.items()
    ]
    parts.append(f"Values of `{CASE}` that replace a default:\n\n" + ("\n".join(fits) or "none"))
    return "\n\n".join(parts)


def reporting() -> str:
    """Every parameter of the reporting model."""
    rows = [
        (f"`{i.name}`", i.unit, f"{i.default:g}", i.prior, i.state, i.source, i.about) for i in reporting_parameters()
    ]
    return table(("parameter", "unit", "default", "prior", "state", "source", "meaning"), rows)


def variables() -> str:
    """Every variable of the state with its unit and who writes it."""
    by: dict[str, str] = {v.name: "open sum" for v in SUMS} | {v.name: "engine" for v in COUNTS}
    seen: dict[str, Variable] = {v.name: v for v in (*SUMS, *RATES, *COUNTS)}
    for name, mechanism in all_mechanisms().items():
        for v in mechanism.writes:
            seen[v.name], by[v.name] = v, f"`{name}`"
    rows = [
        (
            f"`{v.name}`",
            " x ".join(v.dims) or "one number",
            v.unit,
            f"{v.initial:g}",
            by.get(v.name, ""),
            v.keep,
            v.long_name,
        )
        for v in sorted(seen.values(), key=lambda v: v.name)
    ]
    return table(("variable", "over", "unit", "neutral value", "written by", "kept", "meaning"), rows)


def schedule() -> str:
    """The order of an hour with every mechanism on."""
    known = list(all_mechanisms().values())
    rows = []
    for number, m in enumerate(order(known, known), 1):
        every = "every hour" if m.clock_h <= 1 else f"every {m.clock_h:g} h"
        rows.append((number, f"`{m.name}`", every, *(", ".join(x) for x in (m.reads, m.lags, m.adds))))
    return table(("", "mechanism", "clock", "reads (this hour)", "reads (as before)", "adds to"), rows)


# -- formats


def columns() -> str:
    """Every table of a case with its columns and what a cell may hold."""
    parts = []
    for name, model in TABLES.items():
        notes = [(model.__doc__ or "").strip().rstrip(".")]
        notes += ["may hold a header row alone"] if name in MAY_BE_EMPTY else []
        notes += ["may be left out"] if name in OPTIONAL else []
        notes += ["each row carries its own source and state"] if name in SOURCED_BY_ROW else []
        rows = [(f"`{c}`", _allowed(model, c)) for c in model.model_fields]
        parts.append(f"**`{file_of(name)}`**: {'; '.join(notes)}.\n\n{table(('column', 'a cell holds'), rows)}")
    return "\n\n".join(parts)


def _allowed(model: type[Any], column: str) -> str:
    kind = model.model_fields[column].annotation
    if str(get_origin(kind)) == "typing.Literal":
        return "one of " + ", ".join(f"`{x}`" for x in get_args(kind))
    if model.model_fields[column].description == KIND_OF_MEASURE:
        return "one of " + ", ".join(f"`{x}`" for x in measure_kinds())
    return allowed_text(model, column)


def units() -> str:
    """The units that a case may use."""
    return "\n".join(
        [
            f"- plain: {', '.join(f'`{u}`' for u in PLAIN)}",
            f"- currencies: {', '.join(CURRENCIES)}",
            f"- a currency per: {', '.join(PER)}, written `KZT/litre`",
            "- `row`, in `sources.toml` only: the unit stands in the `unit` column of each row",
        ]
    )


def history() -> str:
    """The variables of history.zarr."""
    known: dict[str, Variable] = {v.name: v for v in COUNTS}
    for mechanism in all_mechanisms().values():
        known |= {v.name: v for v in mechanism.writes}
    rows = []
    for v in known.values():
        if v.keep == "no" or "group" in v.dims:
            continue
        dims = ["time" if v.keep == "hour" else "day", *v.dims]
        rows.append(
            (
                f"`{v.name}`",
                ", ".join(dims),
                v.unit,
                "int32" if v.dtype is int else "float32",
                v.long_name,
            )
        )
    rows.append(
        (
            "`demand_share`",
            "time, demand",
            "1",
            "float32",
            "share of people on the street who hold the demand",
        )
    )
    return table(("variable", "over", "unit", "type", "meaning"), sorted(rows))


# -- the case


def regions() -> str:
    """Regions with places, people, police, other forces and enterprises."""
    t = case().tables
    home = {r.place: r.region for r in t["places"].rows}
    places, police, others, firms, children = (defaultdict(int) for _ in range(5))
    for row in t["places"].rows:
        places[row.region] += 1
    for row in t["forces"].rows:
        (police if row.organ == "police" else others)[home[row.place]] += row.strength_people
    for row in t["enterprises"].rows:
        firms[home[row.place]] += 1
    for row in t["age_sex"].rows:
        children[row.region] += row.people if row.age_band == "child" else 0
    rows = []
    for r in t["regions"].rows:
        n = r.population_people
        rows.append(
            (
                r.name,
                f"`{r.region}`",
                places[r.region],
                f"{n:,}",
                f"{r.urban_people / n:.0%}",
                f"{n - children[r.region]:,}",
                f"{1000 * police[r.region] / n:.1f}",
                f"{1000 * others[r.region] / n:.1f}",
                firms[r.region],
            )
        )
    total = case().population_people
    rows.append(
        (
            "**all**",
            "",
            sum(places.values()),
            f"{total:,}",
            f"{sum(r.urban_people for r in t['regions'].rows) / total:.0%}",
            f"{total - sum(children.values()):,}",
            f"{1000 * sum(police.values()) / total:.1f}",
            f"{1000 * sum(others.values()) / total:.1f}",
            sum(firms.values()),
        )
    )
    head = (
        "region",
        "id",
        "places",
        "people",
        "urban",
        "adults (16 and over)",
        "police per 1,000",
        "other forces per 1,000",
        "named enterprises",
    )
    return table(head, rows)


def residuals() -> str:
    """What the fitted population leaves over at each marginal, as `Cells.residual_table` prints it."""
    from groundswell.world.population import build_cells

    cells = build_cells(case())
    lines = [
        f"{cells.people:,} people in {len(cells):,} cells and {len(cells.groups):,} groups.",
        "",
        "```text",
        cells.residual_table(),
        "```",
    ]
    if cells.notes:
        lines += ["", "Shifted to fill the enterprises:", "", *(f"- {note}" for note in cells.notes)]
    return "\n".join(lines)


def assumed() -> str:
    """Every column of the case that is assumed or estimated, with its rule and range."""
    rows = []
    for name, s in case().sources.items():
        if s.state in ("assumed", "estimated"):
            span = "" if s.low is None or s.high is None else f"{s.low:g} to {s.high:g}"
            rows.append((f"`{name}`", s.state, s.unit, span, s.rule, s.source))
    head = ("column", "state", "unit", "range", "rule", "source")
    return table(head, sorted(rows, key=lambda r: (r[1], r[0])))


def firm() -> str:
    """Every column of the case that is official or derived."""
    rows = [
        (f"`{name}`", s.state, s.unit, s.source, s.note or s.rule)
        for name, s in case().sources.items()
        if s.state in ("official", "derived")
    ]
    return table(("column", "state", "unit", "source", "note or rule"), sorted(rows, key=lambda r: (r[1], r[0])))


def contradictions() -> str:
    """Measures that the sources report in more than one version."""
    by: dict[str, list[Any]] = defaultdict(list)
    for row in case().tables["measures"].rows:
        by[row.measure].append(row)
    rows = []
    for name, versions in by.items():
        if len(versions) > 1:
            for v in versions:
                value = "" if v.value is None else f"{v.value:g} {v.unit}"
                mark = "used" if v.used else ""
                rows.append(
                    (
                        f"`{name}`",
                        v.kind,
                        v.version,
                        mark,
                        f"{v.start_local} to {v.end_local}",
                        value,
                        v.statement,
                    )
                )
    return table(("measure", "kind", "version", "", "local time", "value", "what it says"), rows)


def texts() -> str:
    """The sources of the case's record, and how many claims of each stand in which set."""
    sets = ("base", "weigh", "check", "context")
    count: dict[str, list[int]] = defaultdict(lambda: [0] * len(sets))
    for row in statements(case()):
        count[row.text][sets.index(row.set)] += 1
    dates = {k: t.date for k, t in case().texts.items()}
    rows = [
        (f"`{s.source}`", s.name, s.kind, dates.get(s.source, ""), *count[s.source])
        for s in case().tables["sources"].rows
    ]
    return table(("id", "title", "kind", "date", *sets), rows)


def outcomes() -> str:
    """What `groundswell ask` can look at."""
    rows = [(f"`{name}`", o.words, o.unit, o.form) for name, o in OUTCOMES.items()]
    return table(("outcome", "what it is", "unit", "form"), rows)


def phases() -> str:
    """Phases: what they are read off, what they go without, how often they come."""
    sys.path += [str(DOCS.parent), str(DOCS.parent / "tests")]
    from tools.phases_seen import rows

    head, *body = rows()
    return table(head, body)


def kinds() -> str:
    """What an observation of each kind looks at in a run."""
    measures = recorded_measures()
    rows = [
        (f"`{name}`", o.words, "" if o.least is None else f"{o.least:g}")
        for name, o in RECORDED.items() if name not in measures
    ]  # fmt: skip
    rows.append((", ".join(f"`{k}`" for k in measures), "measures of that kind that have begun in the scope", "1"))
    seen = table(("kind", "what is looked at", "so from"), rows)
    by_forms: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for kind, allowed in observation_kinds().items():
        if kind not in TOLD_KINDS:
            by_forms[allowed].append(f"`{kind}`")
    forms = [f"- {', '.join(allowed)}: {', '.join(names)}" for allowed, names in by_forms.items()]
    return "\n".join([seen, "", "Forms in which each kind may be stated:", "", *forms])


def glossary() -> str:
    """Every word for what a run shows, once, by the alphabet: what it is, its unit, and who uses it."""
    recorded = set(RECORDED)
    rows: dict[str, list[Any]] = {
        k: [o.words, o.unit or "yes or no", ["record"] if k in recorded else []] for k, o in OBSERVABLES.items()
    }  # fmt: skip
    for name, o in OUTCOMES.items():
        row = rows.setdefault(name, [o.words, o.unit, []])
        row[2].append("`ask`" if row[0] == o.words or not row[2] else f"`ask`: {o.words}")
    for used, definitions in (("phase", LOOKED_AT), ("ending", DEFINITIONS)):
        for name, words in definitions.items():
            row = rows.setdefault(name, ["", "", []])
            row[0] += f"; as a{'n' if used == 'ending' else ''} {used}: {words}" if row[0] else words
            row[2].append(used)
    return table(
        ("word", "what it is", "unit", "used by"),
        [(f"`{name}`", words, unit, ", ".join(used)) for name, (words, unit, used) in sorted(rows.items())],
    )


def keys(name: str) -> str:
    """The keys of a file of results, from its published schema."""
    schema = json.loads((DOCS / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    return table(("key", "meaning"), [(f"`{k}`", v["description"]) for k, v in schema["properties"].items()])


BLOCKS: dict[str, Callable[[], str]] = {
    f.__name__: f
    for f in (
        parameters,
        reporting,
        variables,
        schedule,
        columns,
        units,
        history,
        regions,
        residuals,
        assumed,
        firm,
        contradictions,
        texts,
        kinds,
        outcomes,
        phases,
        glossary,
    )
} | {f"{name}-keys": partial(keys, name) for name in ("run", "set", "verdict")}


def fresh(text: str) -> str:
    """A page with every block made anew.

    Raises:
        KeyError: for a block whose name is not known.
    """
    return _BLOCK.sub(lambda m: f"{m[1]}\n{BLOCKS[m[2]]()}\n\n{m[4]}", text)


def stale() -> dict[Path, str]:
    """Pages that differ from what they would be, with that text."""
    out = {}
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        new = fresh(text)
        if new != text:
            out[path] = new
    return out


def main(arguments: Sequence[str]) -> int:
    """Rewrite or check; returns the exit code."""
    changed = stale()
    for path, text in changed.items():
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(DOCS.parent)}: {'stale' if '--check' in arguments else 'rewritten'}")
    return 1 if changed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
