"""Webhooks: who may have one, what is put on the way, and how it is delivered."""
