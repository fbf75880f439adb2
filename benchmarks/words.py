"""What the page says in words: how things are measured, and what the other programs are for."""

HEAD = """# Performance

This page and `benchmarks/results.json` are written by one command; nothing here is typed by hand but the words:

```sh
make bench
```"""

HOW = """The command installs the other programs from the package index in `.venv-bench`, with the versions pinned in
`benchmarks/environments`. Every row is measured in fresh processes, three times unless its time says otherwise, and
the median is shown. Import, compilation, and the making of people come before the clock starts. Let the machine do
nothing else. `.venv/bin/python -m benchmarks --help` tells how to measure a part only, or to go on after a stop.

The work `streets`: people in 200 places join and leave the street in each of 480 hours. The hazard to join rises
with the share of people on the street in the own place and in others, seen through a matrix of influence, times a
frailty of one's own (gamma, shape 2); the hazard to leave rises with the hours on the street; after 8 hours of rest
a person is at risk again. The numbers stand in `benchmarks/streets.toml`, and for no country."""

METHOD = """**Read the ratios with care.** They compare a method with a method more than a program with a program.
The other rows scan: they look at every person in every hour, which is what these programs are made for and what
their guides show. Groundswell gives each group of people with the same hazard a clock and finds out who is next
(decision 0002), so that its cost grows with events. That needs a rule in which people differ in their hazard by
group and by one factor of their own. A rule with more freedom, where each person's hazard follows a state of their
own, cannot be played so, and there a scan is the right way. The same method could be written inside any of these
programs, and would make them far faster.

All programs play `streets` with a *synchronous* update: hazards of an hour follow from the state at its start.
Mesa's usual `shuffle_do`, where people act in turn and see those before them, is *asynchronous*, and a different
model; here its agents read hazards worked out before anybody acts, so the order does not matter."""

APART = """## What the others do

Each is written as its own documentation recommends. More threads than two would make the scans faster nearly in
proportion; Groundswell uses one thread for so little work, and would gain nothing."""

PEERS = {
    "numba-scan": (
        "loops over blocks of people of one place, one cheap hash for each person and hour in single precision, "
        "sorted by place, on one or two threads; synchronous",
        "has everybody's state in an array at every hour; needs no theory; gains from every core",
    ),
    "numpy-scan": ("whole arrays, one thread; synchronous", "forty lines that anybody can read and change"),
    "laser": (
        "`LaserFrame`s of people and places, components with `step(tick)`, one Numba loop with `prange` and counts by "
        "thread, Numba's own generator, two threads; synchronous",
        "births, deaths, ageing, migration and gravity models for epidemics of whole countries; any compiled rule for "
        "each person; scales with cores. Its draws depend on the number of threads",
    ),
    "mesa-frames": (
        "an `AgentSetPolars` whose `step` replaces columns by Polars expressions, two threads; synchronous",
        "agents as a table, with everything that Polars does; grids in space. The version on the package index is an "
        "early one",
    ),
    "starsim": (
        "a module with declared states and `bernoulli` distributions that filter people; synchronous",
        "diseases, contact networks, births and deaths, interventions and calibration, ready made; common random "
        "numbers with a place for each person; checks of its streams. It also keeps ages and deaths up to date here",
    ),
    "mesa": (
        "an `Agent` with `step`, made by `create_agents` and activated by `agents.do`; synchronous",
        "any rule that Python can say, on grids, networks and in continuous space; asynchronous and event-scheduled "
        "activation; data collection; a view in the browser. Made for hundreds to some ten thousands of agents",
    ),
}
