"""What people are told: which events are news, what comes next, by when, and over which channel."""
