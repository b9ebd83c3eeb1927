"""Where a photo was taken against where the insured farm is."""
