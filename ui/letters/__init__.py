"""A parent's letters to the department, with what was answered."""
