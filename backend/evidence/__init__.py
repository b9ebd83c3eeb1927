"""From bytes to facts: the only place where a claim's photos are opened, and what they say."""
