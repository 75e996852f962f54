"""A family ranks the groups that it wants while its department collects wishes."""
