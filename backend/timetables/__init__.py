"""When offices are open, and by when what is owed, as data with a loader of its own."""
