"""The profile of a parent: who the register says they are, telephones, address, picture."""
