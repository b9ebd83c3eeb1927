"""Server-sent events: what happens to a claim and what waits for a lane, as it happens."""
