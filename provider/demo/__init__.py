"""Sample providers with sample data, to try the program out and to measure it."""

from provider.demo.build import Demo, build

__all__ = ["Demo", "build"]
