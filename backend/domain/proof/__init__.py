"""One claim taken out of the system as a file, and every check of it that needs nothing but the file."""
