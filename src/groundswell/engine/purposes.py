"""What keyed draws are for: one number for each purpose, a field of every key of `engine.random`."""

# A number is never reused for another purpose: it would tie two kinds of luck together.
GROUP_GAP = 1  # spacings of the order statistics of a group's resistances
GROUP_RANK = 2  # who of a group stands at which rank
POOL_GAP = 3  # waiting times of a tie pool
POOL_MARK = 4  # whom a tie pool hits, and whether the hit is accepted
UNIT = 5  # who shares a household, a work unit, a neighbourhood
FRAILTY = 6  # personal frailty
SPELL = 7  # resistance of a later spell
EXIT = 8  # how long a spell on the street lasts and how it ends
DEMAND = 9  # when a person takes up a demand
STRIKE = 10  # resistance of an enterprise
EMPLOYER = 11  # answers of an employer
PICK = 12  # who is picked by a measure that names numbers, not people
LEGAL = 13  # small legal actions
FATE = 15  # whether a hit kills
REFERENCE = 14  # ordinary streams of the reference engine
