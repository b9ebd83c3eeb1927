"""Visits 上门: a collector or a surveyor is on the way to the farm of a claim."""
