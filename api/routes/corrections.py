"""/corrections: how to report an error, with a mail or an issue that already holds the address of the statement.

Whoever runs a copy names an address in `PALERMO_CONTACT` or a page of new issues in `PALERMO_ISSUES`; a copy with
neither shows the same text to be copied, and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Response

from api.atlas import Reader, ReaderDep
from api.deps import SettingsDep
from api.errors import BadRequest, NotFound
from graph.read import description, labels
from graph.read.index import UnknownNodeError

router = APIRouter(tags=["pages"])

PATH: Final = "/corrections"
#: What a report can be about: a thing or a statement, or a source.
_ABOUT: Final = re.compile(r"/(?:doc|source)/[A-Za-z0-9][A-Za-z0-9/_-]{0,300}")


@dataclass(frozen=True)
class Report:
    """What is reported: its name or sentence, its address here, and the text that a mail or an issue starts with.

    `mail` and `issue` are empty where this copy names none."""

    name: str
    href: str
    subject: str
    body: str
    mail: str
    issue: str


def address(stem: str) -> str:
    """The address of the page that reports an error on the page at `stem`."""
    return f"{PATH}?about={quote(stem, safe='/')}"


@router.get(PATH, summary="Report an error")
def corrections(reader: ReaderDep, settings: SettingsDep) -> Response:
    """How a correction is made, and a prefilled report on one statement or thing (`about=/doc/…`).

    Raises :class:`BadRequest` for an `about` that is no such address, :class:`NotFound` for what the release lacks.
    """
    about = reader.request.query_params.get("about", "")
    name = _name(about, reader) if about else ""
    permalink = f"{reader.site.ids.base.rstrip('/')}{about.replace('/doc/', '/id/', 1)}" if about else ""
    subject = reader.say("corrections.subject", name=name) if about else reader.say("corrections.subject-any")
    body = reader.say(
        "corrections.body",
        name=name or reader.say("corrections.fill"),
        permalink=permalink or reader.say("corrections.fill"),
        here=f"{reader.base}{about or '/'}",
        release=reader.site.manifest.release,
        day=reader.day(reader.today),
    )
    report = Report(
        name=name,
        href=about,
        subject=subject,
        body=body,
        mail=f"mailto:{settings.contact}?subject={quote(subject)}&body={quote(body)}" if settings.contact else "",
        issue=_issue(settings.issues, subject, body) if settings.issues else "",
    )
    return reader.page("corrections.html", title=reader.say("corrections.title"), report=None, one=report)


def _issue(form: str, subject: str, body: str) -> str:
    """The address of a new issue with title and text, as GitHub, GitLab (`issue[…]`) and Forgejo read them."""
    names = ("issue[title]", "issue[description]") if "/-/issues" in form else ("title", "body")
    joined = "&" if "?" in form else "?"
    return f"{form}{joined}{quote(names[0])}={quote(subject)}&{quote(names[1])}={quote(body)}"


def _name(about: str, reader: Reader) -> str:
    """The sentence of a statement, or the name of a thing."""
    if not _ABOUT.fullmatch(about):
        raise BadRequest(f"about={about[:80]!r}: the address of a page about one thing, such as /doc/greta.")
    site, local = reader.site, about.removeprefix("/doc/")
    iri = site.ids.entity(local) if about.startswith("/doc/") else site.ids.source(about.removeprefix("/source/"))
    if not description.exists(site.store, iri):
        raise NotFound(f"{about!r} is nothing that this release holds.")
    try:
        return site.teller.say(site.network.edge(local), reader.lang, reader.today)
    except UnknownNodeError:
        return labels.of(site.store, [iri], reader.lang)[iri].text
