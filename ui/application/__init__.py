"""One application of a child: where it stands, until when, what to do now."""
