"""Whether this process has been asked to end: it answers to the end, but wants no new work sent to it.

Set once by the signal's handler; a long-lived answer may watch it to close in time.
"""

from threading import Event

asked = Event()
