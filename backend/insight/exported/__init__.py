"""Files that ``stats export`` writes: one query of claims, a writer for each format, bytes handed out in order."""
