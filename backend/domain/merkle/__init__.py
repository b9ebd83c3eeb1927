"""The audit log as a Merkle tree: RFC 9162 §2.1, the same as RFC 6962 §2.1."""
