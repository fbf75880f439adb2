"""The dossier: one page on what sources say, who agrees with whom, and what is open; nothing is played for it."""
