"""Rules of the programmes."""
