"""Public parts (部件): the register, its import, what lies near a point, and who keeps it."""
