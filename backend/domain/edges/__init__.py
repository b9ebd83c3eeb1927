"""What stands at the edge: how often one may ask, and what a server that is busy answers."""
