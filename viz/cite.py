"""Citations of a view or of a statement: text, BibTeX, RIS and CSL JSON, with release, day and address."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from viz import words

_SPECIAL = re.compile(r"([&%$#_{}])")


@dataclass(frozen=True)
class Citation:
    """What is cited. `title` is the caption or the sentence, `release` the version, `day` when it was looked at."""

    title: str
    url: str
    release: str
    day: date
    lang: str = "en"

    def text(self) -> str:
        """One line for a footnote."""
        on, seen = words.day(self.day, self.lang), self.title.rstrip(".")
        if self.lang == "fr":
            return f"« {seen} », Palermo, version {self.release}, consulté le {on}, {self.url}"
        return f"“{seen}”, Palermo, release {self.release}, accessed {on}, {self.url}"

    def bibtex(self) -> str:
        """A BibTeX entry."""
        title = _SPECIAL.sub(r"\\\1", self.title.rstrip(".").replace("\\", ""))
        return (
            f"@misc{{palermo-{self.day.isoformat()},\n"
            f"  title = {{{{{title}}}}},\n"
            f"  author = {{{{Palermo}}}},\n"
            f"  year = {{{self.day.year}}},\n"
            f"  version = {{{self.release}}},\n"
            f"  url = {{{self.url}}},\n"
            f"  urldate = {{{self.day.isoformat()}}}\n"
            "}\n"
        )

    def ris(self) -> str:
        """An RIS record; its lines end as the format asks."""
        title = " ".join(self.title.split())
        lines = [
            ("TY", "DATA"),
            ("TI", title),
            ("AU", "Palermo"),
            ("PY", str(self.day.year)),
            ("ET", self.release),
            ("UR", self.url),
            ("Y2", self.day.strftime("%Y/%m/%d")),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)

    def csl(self) -> str:
        """CSL JSON, as Zotero and citeproc read it."""
        day = {"date-parts": [[self.day.year, self.day.month, self.day.day]]}
        item = {
            "id": f"palermo-{self.day.isoformat()}",
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": "Palermo"}],
            "version": self.release,
            "URL": self.url,
            "accessed": day,
            "issued": {"date-parts": [[self.day.year]]},
            "language": self.lang,
        }
        return json.dumps([item], ensure_ascii=False, indent=1) + "\n"
