"""Classic models with known answers, on the engine's keyed draws: civil violence, threshold cascades, epidemics."""

from groundswell.classic.civil_violence import READINGS, VARIANTS, Course, Setting, arrest_probability, epstein, sight
from groundswell.classic.epidemic import final_size_law, sellke_final_size
from groundswell.classic.lattice import ACTIVE, JAILED, OFFICER, QUIET, Lattice
from groundswell.classic.thresholds import (
    Cascade,
    critical_spread,
    expected_equilibrium,
    granovetter,
    normal_thresholds,
)

__all__ = [
    "ACTIVE",
    "JAILED",
    "OFFICER",
    "QUIET",
    "READINGS",
    "VARIANTS",
    "Cascade",
    "Course",
    "Lattice",
    "Setting",
    "arrest_probability",
    "critical_spread",
    "epstein",
    "expected_equilibrium",
    "final_size_law",
    "granovetter",
    "normal_thresholds",
    "sellke_final_size",
    "sight",
]
