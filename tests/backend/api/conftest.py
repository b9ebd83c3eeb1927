from tests.journeys.installation import installation, world

__all__ = ["installation", "world"]
