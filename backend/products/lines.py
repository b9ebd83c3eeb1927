"""Where the keys of a TOML file stand: JSON pointer to line, counted from 1.

The standard library's reader keeps no places, and a person who mends a file needs the line. This reads only where keys
and items begin, in text that the standard library has read before: what TOML allows is decided there.
"""

import re
from dataclasses import dataclass, field

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^\']|\'(?!\'\'))*\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\n#]+")


def lines_of(text: str) -> dict[str, int]:
    """Return the line of every key, table and item in valid TOML; "" is line 1."""
    reader = _Reader(text.replace("\r\n", "\n"))
    reader.read()
    return reader.lines


def line_at(lines: dict[str, int], pointer: str) -> int:
    """The line of what *pointer* names, or of the nearest thing around it: a missing key stands nowhere."""
    while pointer not in lines:
        pointer = pointer.rpartition("/")[0]
    return lines[pointer]


@dataclass(slots=True)
class _Reader:
    text: str
    place: int = 0
    lines: dict[str, int] = field(default_factory=lambda: {"": 1})
    tables: dict[str, int] = field(default_factory=dict)  # by pointer, how many [[tables]] an array has

    def read(self) -> None:
        above = ""
        while self._skip_gap():
            if self._takes("[["):
                above = self._header("]]", is_item=True)
            elif self._takes("["):
                above = self._header("]", is_item=False)
            else:
                self._pair(above)

    def _header(self, end: str, *, is_item: bool) -> str:
        line = self._line()
        keys = self._keys()
        self._skip_gap()
        self._takes(end)
        pointer = ""
        for place, key in enumerate(keys):
            pointer = f"{pointer}/{_escaped(key)}"
            self.lines.setdefault(pointer, line)
            is_last = place == len(keys) - 1
            if is_item and is_last:
                self.tables[pointer] = self.tables.get(pointer, 0) + 1
            if pointer in self.tables:
                pointer = f"{pointer}/{self.tables[pointer] - 1}"
                self.lines.setdefault(pointer, line)
        return pointer

    def _pair(self, above: str) -> None:
        line = self._line()
        pointer = above
        for key in self._keys():
            pointer = f"{pointer}/{_escaped(key)}"
            self.lines.setdefault(pointer, line)
        self._takes("=")
        self._value(pointer)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip_gap()
            found = _STRING.match(self.text, self.place) or _BARE.match(self.text, self.place)
            if found is None:
                raise ValueError(f"no key at line {self._line()}")
            self.place = found.end()
            keys.append(_unquoted(found[0]))
            self._skip_gap()
            if not self._takes("."):
                return keys

    def _value(self, pointer: str) -> None:
        self._skip_gap()
        if self._takes("["):
            for place in range(len(self.text)):
                self._skip_gap()
                if self._takes("]"):
                    return
                self.lines.setdefault(f"{pointer}/{place}", self._line())
                self._value(f"{pointer}/{place}")
                self._skip_gap()
                self._takes(",")
        elif self._takes("{"):
            while True:
                self._skip_gap()
                if self._takes("}"):
                    return
                self._pair(pointer)
                self._skip_gap()
                self._takes(",")
        else:
            found = _STRING.match(self.text, self.place) or _SCALAR.match(self.text, self.place)
            self.place = found.end() if found else self.place + 1

    def _skip_gap(self) -> bool:
        """Go past blanks and comments; whether anything is left."""
        found = _GAP.match(self.text, self.place)
        self.place = found.end() if found else self.place
        return self.place < len(self.text)

    def _takes(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.place):
            return False
        self.place += len(sign)
        return True

    def _line(self) -> int:
        return self.text.count("\n", 0, self.place) + 1


def _unquoted(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    return _UNESCAPED.sub(_sign, key[1:-1]) if key[0] == '"' else key


_UNESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def _sign(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _SHORT.get(escape[3], escape[3])


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
