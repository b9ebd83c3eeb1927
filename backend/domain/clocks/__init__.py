"""Deadlines, office hours, and who is told when time runs out."""
