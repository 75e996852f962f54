"""Categories and benefits."""
