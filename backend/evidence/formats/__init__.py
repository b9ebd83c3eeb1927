"""One file a photo format: take the container apart, trusting no length, and open it for its decoder."""
