"""Importing one's own world: a file is read, compared with what is registered, shown, and written in one step."""
