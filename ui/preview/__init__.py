"""The very bytes of a document: shown, printed, saved, sent."""
