"""What the insurer's pages refuse, and what is kept of a reader's choice. Pure."""
