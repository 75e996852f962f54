"""The paper invoice."""
