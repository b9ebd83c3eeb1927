"""Who reads photos: this process itself, or children that a hostile photo may bring down (docs/decisions/0030)."""
