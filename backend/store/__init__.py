"""The durable side: events, projection and effects in one transaction, through one way in."""
