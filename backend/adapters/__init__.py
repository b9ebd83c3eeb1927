"""What lies outside the process - storage, messages, the bank - each behind a Protocol of two or three verbs."""
