"""Applications of the family: the list, the archive, and a new one."""
