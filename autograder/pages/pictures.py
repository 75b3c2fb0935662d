"""The instructor's pictures, put into a page: it is one file."""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path

from autograder.safe.html import place_of
from autograder.submission.pictures import KINDS, laid_in

MOST = 4_000_000  # bytes of all of them on a page, as they are spelt out there
_TAG = re.compile(r'<img (?:[^">]|"[^"]*")*>')
_ADDRESS = re.compile(r'\bsrc="([^"]*)"')


class Pictures:
    """What lies beside a graded notebook, for the page that is made of it.

    Parameters
    ----------
    folder : Path
        autograded/STUDENT/LAB
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = laid_in(folder)
        self._room = MOST

    def put_into(self, cleaned: str) -> str:
        """Put pictures into cleaned HTML that only names them, as long as there is room."""
        return _TAG.sub(self._spelt_out, cleaned) if self.places else cleaned

    def _spelt_out(self, tag: re.Match[str]) -> str:
        address = _ADDRESS.search(tag[0])
        place = place_of(html.unescape(address[1])) if address else ""
        if place not in self.places:
            return tag[0]
        path = self.folder / place
        size = 4 * path.stat().st_size // 3
        if size > self._room:
            return html.escape(f"({path.name} is too large for this page.)")
        self._room -= size
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        kind = KINDS[path.suffix.lower()]
        return tag[0].replace(address[0], f'src="data:{kind};base64,{data}"', 1)
