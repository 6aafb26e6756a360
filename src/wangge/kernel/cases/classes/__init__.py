"""Class sets: loaded, extended and edited with entries that can be compared, and the crosswalk between numberings."""
