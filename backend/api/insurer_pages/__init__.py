"""The insurer's pages at ``/i``: server-rendered, read without scripts, signed in to by ``flashclaim web``."""
