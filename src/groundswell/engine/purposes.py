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
FIGHT = 16  # when a person on the street takes up fighting, and when they are peaceful again
KNOWN = 17  # the order in which known organisers of a place are taken from home
RAID = 18  # who of those once on the street is taken from home
FORCE_DEAD = 25  # people of a force killed at a spot
FORCE_HURT = 26  # people of a force injured at a spot
FORCE_DISARMED = 27  # people of a force disarmed in a fight or at the loss of a site
FORCE_SHARE = 28  # which units those harmed at a spot belong to, and whose hands their arms fall into
ARMS_TAKEN = 29  # firearms and vehicles of those killed or disarmed
ARMS_RECOVERED = 35  # firearms that come back with arrested fighters or a regained site
LOOTING = 36  # people who loot
LOOTED = 37  # shops that they loot
MARCH = 20  # when a column of the crowd sets out
MARCH_TARGET = 21  # to which spot it goes
SITE = 30  # when a site changes hands
FIRE = 31  # when a public office burns
