"""The command line of flashclaim, for officers and operators."""
