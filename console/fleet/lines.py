"""Knows on which line of a TOML text each key stands; it reads only texts that `tomllib` has already accepted.

`tomllib` gives values without places. This scanner walks the same text once more and needs no judgement of its own:
whatever is malformed was refused before.
"""

from __future__ import annotations

import bisect
import re
import tomllib

Path = tuple[str | int, ...]

BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^,\]}\n#]+")
STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2})', re.DOTALL),
    re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)


def key_lines(text: str) -> dict[Path, int]:
    """Each key path of a valid TOML text, e.g. `("site", 2, "source", "url")`, and its line, counted from 1.

    A table's own path has the line of its header. Raises RecursionError where the text nests too deeply.
    """
    return _Scanner(text.replace("\r\n", "\n")).scan()


class _Scanner:
    """One pass over the text; `at` is the place reached, `found` the answer so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}  # array of tables -> how many elements so far
        self.newlines = [match.start() for match in re.finditer("\n", text)]

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self._skip(BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(BLANK)
        return self.found

    def _line(self) -> int:
        return bisect.bisect_left(self.newlines, self.at) + 1

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"line {self._line()}: not the TOML that was accepted")  # a fault of this module
        self.at = match.end()
        return match.group()

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`: the path it opens, its last element where it is an array of tables."""
        line = self._line()
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        keys = self._keys()
        self.at += brackets
        path = (*self._resolve(keys[:-1]), keys[-1])
        if brackets == 2:
            self.counts[path] = self.counts.get(path, 0) + 1
        path = self._resolve(keys)
        self._note(path, line)
        return path

    def _resolve(self, keys: tuple[str, ...]) -> Path:
        """Every array of tables on the way stands for its last element."""
        path: Path = ()
        for key in keys:
            path += (key,)
            if path in self.counts:
                path += (self.counts[path] - 1,)
        return path

    def _note(self, path: Path, line: int) -> None:
        """Remember the path and what it implies; the first mention wins."""
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], line)

    def _keys(self) -> tuple[str, ...]:
        keys = []
        while True:
            self._skip(SPACE)
            keys.append(self._key())
            self._skip(SPACE)
            if not self.text.startswith(".", self.at):
                return tuple(keys)
            self.at += 1

    def _key(self) -> str:
        if self.text[self.at] in "\"'":
            quoted = self._skip(STRINGS[2] if self.text[self.at] == '"' else STRINGS[3])
            key: str = tomllib.loads(f"key = {quoted}")["key"]
            return key
        return self._skip(BARE)

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table + self._keys()
        self._note(path, line)
        self.at += 1  # the equals sign
        self._skip(SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        elif opening in "\"'":
            self._string()
        else:
            self._skip(SCALAR)

    def _string(self) -> None:
        for kind, quotes in zip(STRINGS, ('"""', "'''", '"', "'"), strict=True):
            if self.text.startswith(quotes, self.at):
                self._skip(kind)
                return

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while True:
            self._skip(BLANK)
            if self._closes("]"):
                return
            self._note((*path, index), self._line())
            self._value((*path, index))
            index += 1
            self._skip(BLANK)
            self._comma()

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while True:
            self._skip(BLANK)
            if self._closes("}"):
                return
            self._pair(path)
            self._skip(BLANK)
            self._comma()

    def _closes(self, bracket: str) -> bool:
        if not self.text.startswith(bracket, self.at):
            return False
        self.at += 1
        return True

    def _comma(self) -> None:
        if self.text.startswith(",", self.at):
            self.at += 1
