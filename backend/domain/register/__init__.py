"""Registers of one's own world: which rows a file may bring in, and what is wrong with those it may not."""
