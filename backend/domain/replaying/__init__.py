"""The machine's decisions computed again from the events alone, under the versions that they name."""
