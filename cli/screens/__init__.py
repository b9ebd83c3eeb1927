"""What the commands print for people: at most 80 columns wide."""
