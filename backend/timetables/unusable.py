"""A timetable that cannot be used stops the start, and says where it is wrong."""


class TimetableUnusable(ValueError):
    """A timetable's file says what no timetable can; names the file and the key."""

    def __init__(self, file: str, key: str, detail: str) -> None:
        super().__init__(": ".join(part for part in (file, key, detail) if part))
        self.file, self.key = file, key
