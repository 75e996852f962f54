"""The public queue, statistics and the forecast of places."""
