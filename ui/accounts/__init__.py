"""State of accounts, services, payments and consumption: the four tables of the cabinet."""
