"""The bulletin of free places: what opens when, for whom, and applying to it."""
