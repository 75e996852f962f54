"""What travels between client and provider: commands, outcomes, records of the change feed, messages, their bytes."""
