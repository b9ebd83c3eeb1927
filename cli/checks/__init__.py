"""What ``flashclaim doctor`` looks at: this machine, an installation on it, the server that it talks to."""
