"""Offices and forces: what is ordered, who obeys, what force does, who holds which post, and what it costs."""
