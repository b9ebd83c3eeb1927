"""Flags: doubts of the kind that fraud has, which a person clears or confirms (domain.md §2)."""
