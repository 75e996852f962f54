"""Pure rules: no clock, no input or output, no SQL, no Qt. Time, calendar and configuration are arguments."""
