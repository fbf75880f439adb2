"""What mechanisms hand to the engine each step, and what the engine hands back: rates in, events out."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from groundswell.case.tables import MOST_DEMANDS

SIDES = ("peaceful", "fighting")  # what a person on the street is
HEADS = ("price", "pay", "currency", "forces", "network")  # what the state spends on


@dataclass
class Rates:
    """Hazards of one step, constant within it. All per hour unless said otherwise.

    Attributes:
        join: (G,) hazard of joining of a member with frailty 1.
        tie: (G,) factor on the tie hazards of a member (availability times the gate of own grievance), 1.
        beta: (3,) tie hazard per active other in the household (per person), and at a share 1 of active
            others in the work unit and in the neighbourhood.
        leave: hazard of leaving in the first hour; leave_growth: its relative growth per hour there, 1/h.
        arrival: share of the rest of the step in which a person came out for which the hazards on the street count: 1,
            or 0 where they begin with the next step.
        leave_factor: (P,) factor on leaving, 1.
        disperse, arrest, injure: (P, 2) hazards per person on the street, by side (`SIDES`).
        lethality: (P, 2) share of those hit (`injure`) who die of it.
        fight: (P,) hazard of a peaceful person on the street to take up fighting; unorganised: (G,) factor on it.
        calm: hazard of a fighting person to be peaceful again.
        innovation: (D,) hazard of taking up each demand on one's own; organised: (G,) factor on it by group.
        imitation: (P, D) hazard of taking up each demand from the crowd and from force used.
        rest_h, hold_h, recover_h: hours at home after leaving, in detention, and off the street when injured.
    """

    join: np.ndarray
    tie: np.ndarray
    leave_factor: np.ndarray
    disperse: np.ndarray
    arrest: np.ndarray
    injure: np.ndarray
    lethality: np.ndarray
    imitation: np.ndarray
    organised: np.ndarray
    fight: np.ndarray
    unorganised: np.ndarray
    innovation: np.ndarray
    organised_demands: np.ndarray
    beta: np.ndarray = field(default_factory=lambda: np.zeros(3))
    leave: float = 0.15
    leave_growth: float = 0.0
    arrival: float = 1.0
    rest_h: float = 8.0
    hold_h: float = 72.0
    recover_h: float = 168.0
    calm: float = 0.3

    @classmethod
    def neutral(cls, places: int, groups: int, demands: int = MOST_DEMANDS) -> Rates:
        """Rates under which nobody joins, and those on the street leave at the default hazard."""
        return cls(
            join=np.zeros(groups),
            tie=np.zeros(groups),
            leave_factor=np.ones(places),
            disperse=np.zeros((places, len(SIDES))),
            arrest=np.zeros((places, len(SIDES))),
            injure=np.zeros((places, len(SIDES))),
            lethality=np.zeros((places, len(SIDES))),
            imitation=np.zeros((places, demands)),
            organised=np.ones(groups),
            fight=np.zeros(places),
            unorganised=np.ones(groups),
            innovation=np.zeros(demands),
            organised_demands=np.zeros(demands, bool),
        )


# Rows of `Counts.by_place`: stocks, then what happens in a step. Kernels know them by number, see `tables`.
STOCKS = ("on_street", "fighting", "held", "recovering", "dead_so_far")
FLOWS = (
    "left", "dispersed", "arrested", "injured", "dead",
    "took_up", "dispersed_fighting", "arrested_fighting", "injured_fighting", "dead_fighting", "taken",
)  # fmt: skip


@dataclass
class Counts:
    """People by place (P,) and group (G,) at the end of a step, and the events of the step. All int64 people.

    Attributes:
        by_place: (rows, P), the rows of `STOCKS` and `FLOWS`, each also by its name.
        on_street_group: (G,) people on the street.
        demands: (P, D) people on the street who hold each demand.
        joined: (P, 4) people who came out, by cause (`tables.CAUSES`).
        on_street, held, recovering: people on the street, in detention, off the street with an injury.
        dead_so_far: people dead since the start.
        fighting: people on the street who fight.
        left, dispersed, arrested, injured, dead: people who left the street in the step, by how.
        dispersed_fighting, arrested_fighting, injured_fighting, dead_fighting: those among them who fought.
        took_up: people who took up fighting. taken: people taken from home into detention.
    """

    by_place: np.ndarray
    on_street_group: np.ndarray
    demands: np.ndarray
    joined: np.ndarray
    on_street: np.ndarray = field(init=False)
    fighting: np.ndarray = field(init=False)
    held: np.ndarray = field(init=False)
    recovering: np.ndarray = field(init=False)
    dead_so_far: np.ndarray = field(init=False)
    left: np.ndarray = field(init=False)
    dispersed: np.ndarray = field(init=False)
    arrested: np.ndarray = field(init=False)
    injured: np.ndarray = field(init=False)
    dead: np.ndarray = field(init=False)
    took_up: np.ndarray = field(init=False)
    dispersed_fighting: np.ndarray = field(init=False)
    arrested_fighting: np.ndarray = field(init=False)
    injured_fighting: np.ndarray = field(init=False)
    dead_fighting: np.ndarray = field(init=False)
    taken: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        for row, name in enumerate((*STOCKS, *FLOWS)):
            setattr(self, name, self.by_place[row])

    @classmethod
    def zero(cls, places: int, groups: int, demands: int = MOST_DEMANDS) -> Counts:
        """Everybody at home, nothing has happened."""
        shapes = ((len(STOCKS) + len(FLOWS), places), (groups,), (places, demands), (places, 4))
        return cls(*(np.zeros(shape, np.int64) for shape in shapes))

    def arrays(self) -> dict[str, np.ndarray]:
        """What a checkpoint keeps."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.init}
