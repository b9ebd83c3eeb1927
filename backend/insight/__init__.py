"""Figures and files read from events and projections: one query behind API, command line and export."""
