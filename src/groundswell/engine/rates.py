"""What mechanisms hand to the engine each step, and what the engine hands back: rates in, events out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

DEMANDS = ("price", "pay", "cabinet", "patron", "system", "autonomy")


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
        disperse, arrest, injure: (P,) hazards per person on the street.
        lethality: (P,) share of those hit (`injure`) who die of it.
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
    innovation: np.ndarray = field(default_factory=lambda: np.zeros(len(DEMANDS)))
    organised_demands: np.ndarray = field(default_factory=lambda: np.zeros(len(DEMANDS), bool))
    beta: np.ndarray = field(default_factory=lambda: np.zeros(3))
    leave: float = 0.15
    leave_growth: float = 0.0
    rest_h: float = 8.0
    hold_h: float = 72.0
    recover_h: float = 168.0

    @classmethod
    def neutral(cls, places: int, groups: int) -> Rates:
        """Rates under which nobody joins, and those on the street leave at the default hazard."""
        return cls(
            join=np.zeros(groups),
            tie=np.zeros(groups),
            leave_factor=np.ones(places),
            disperse=np.zeros(places),
            arrest=np.zeros(places),
            injure=np.zeros(places),
            lethality=np.zeros(places),
            imitation=np.zeros((places, len(DEMANDS))),
            organised=np.ones(groups),
        )


@dataclass
class Counts:
    """People by place (P,) and group (G,) at the end of a step, and the events of the step. All int64 people.

    joined: (P, 4) by cause (`tables.CAUSES`); demands: (P, 6) people on the street who hold each demand.
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

    @classmethod
    def zero(cls, places: int, groups: int) -> Counts:
        """Everybody at home, nothing has happened."""
        p = lambda *more: np.zeros((places, *more), np.int64)  # noqa: E731
        return cls(p(), np.zeros(groups, np.int64), p(), p(), p(len(DEMANDS)), p(4), p(), p(), p(), p(), p(), p())

    def clear_flows(self) -> None:
        """Set the events of the step to zero; stocks stay."""
        for flow in (self.joined, self.left, self.dispersed, self.arrested, self.hurt, self.died):
            flow[:] = 0
