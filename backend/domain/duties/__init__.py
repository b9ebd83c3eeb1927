"""Who may fill a lane of a claim: its own office, one that was asked, a cover; and who may not."""
