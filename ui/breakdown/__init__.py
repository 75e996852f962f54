"""How the charges of a month were made."""
