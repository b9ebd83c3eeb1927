"""The sandbox bank: a bank as its own process that can be slow, refuse, or never answer."""
