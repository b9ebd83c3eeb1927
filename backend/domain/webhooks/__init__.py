"""Endpoints of other systems that are sent every state change: what they want, how often they are tried. Pure."""
