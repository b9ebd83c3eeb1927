"""The server side of flashclaim: domain, store, evidence, workflows and API."""
