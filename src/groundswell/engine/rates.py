"""What mechanisms hand to the engine each step, and what the engine hands back: rates in, events out."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

DEMANDS = ("price", "pay", "cabinet", "patron", "system", "autonomy")
SIDES = ("peaceful", "fighting")  # what a person on the street is


@dataclass
class Rates:
    """Hazards of one step, constant within it. All per hour unless said otherwise.

    Attributes:
        join: (G,) hazard of joining of a member with frailty 1.
        tie: (G,) factor on the tie hazards of a member (availability times the gate of own grievance), 1.
        beta: (3,) tie hazard per active other in the household (per person), and at a share 1 of active
            others in the work unit and in the neighbourhood.
        leave: hazard of leaving in the first hour; leave_growth: its relative growth per hour there, 1/h.
        leave_factor: (P,) factor on leaving, 1.
        disperse, arrest, injure: (P, 2) hazards per person on the street, by side (`SIDES`).
        lethality: (P, 2) share of those hit (`injure`) who die of it.
        fight: (P,) hazard of a peaceful person on the street to take up fighting; unorganised: (G,) factor on it.
        calm: hazard of a fighting person to be peaceful again.
        innovation: (6,) hazard of taking up each demand on one's own; organised: (G,) factor on it by group.
        imitation: (P, 6) hazard of taking up each demand from the crowd and from force used.
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
    innovation: np.ndarray = field(default_factory=lambda: np.zeros(len(DEMANDS)))
    organised_demands: np.ndarray = field(default_factory=lambda: np.zeros(len(DEMANDS), bool))
    beta: np.ndarray = field(default_factory=lambda: np.zeros(3))
    leave: float = 0.15
    leave_growth: float = 0.0
    rest_h: float = 8.0
    hold_h: float = 72.0
    recover_h: float = 168.0
    calm: float = 0.3

    @classmethod
    def neutral(cls, places: int, groups: int) -> Rates:
        """Rates under which nobody joins, and those on the street leave at the default hazard."""
        return cls(
            join=np.zeros(groups),
            tie=np.zeros(groups),
            leave_factor=np.ones(places),
            disperse=np.zeros((places, len(SIDES))),
            arrest=np.zeros((places, len(SIDES))),
            injure=np.zeros((places, len(SIDES))),
            lethality=np.zeros((places, len(SIDES))),
            imitation=np.zeros((places, len(DEMANDS))),
            organised=np.ones(groups),
            fight=np.zeros(places),
            unorganised=np.ones(groups),
        )


# What of `Counts` happens in a step; the rest stands.
FLOWS = (
    "joined", "left", "dispersed", "arrested", "hurt", "died", "took_up", "dispersed_fighting", "arrested_fighting",
    "hurt_fighting", "died_fighting", "taken",
)  # fmt: skip


@dataclass
class Counts:
    """People by place (P,) and group (G,) at the end of a step, and the events of the step. All int64 people.

    joined: (P, 4) by cause (`tables.CAUSES`); demands: (P, 6) people on the street who hold each demand.
    fighting: people on the street who fight; `*_fighting`: those of a flow who fought when it took them.
    took_up: people who took up fighting; taken: people taken from home into detention.
    """

    on_street: np.ndarray
    on_street_group: np.ndarray
    held: np.ndarray
    injured: np.ndarray
    demands: np.ndarray
    joined: np.ndarray
    left: np.ndarray
    dispersed: np.ndarray
    arrested: np.ndarray
    hurt: np.ndarray
    dead: np.ndarray
    died: np.ndarray
    fighting: np.ndarray
    took_up: np.ndarray
    dispersed_fighting: np.ndarray
    arrested_fighting: np.ndarray
    hurt_fighting: np.ndarray
    died_fighting: np.ndarray
    taken: np.ndarray

    @classmethod
    def zero(cls, places: int, groups: int) -> Counts:
        """Everybody at home, nothing has happened."""
        shape = {"on_street_group": groups, "demands": (places, len(DEMANDS)), "joined": (places, 4)}
        return cls(**{f.name: np.zeros(shape.get(f.name, places), np.int64) for f in fields(cls)})

    def clear_flows(self) -> None:
        """Set the events of the step to zero; stocks stay."""
        for name in FLOWS:
            getattr(self, name)[:] = 0
