"""Carcass counting: the port, its predictors, and how the shipped network was trained."""
