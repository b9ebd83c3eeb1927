"""Words of the insurer's pages, a file for each."""
