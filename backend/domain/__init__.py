"""Rules of a claim as functions of data: standard library only, no clock, no I/O."""
