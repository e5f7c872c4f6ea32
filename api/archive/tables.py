"""What pages of a copy count with in the browser, for filters together and for days that no page names.

`atlas.en.json` and `atlas.fr.json` hold treaties, participants, periods and signatures as :mod:`graph.read.treaties`
reads them, which projects are where and by whom, and the terms of office, with the words of the pages. The twins in
`viz/web/src/copy/` answer from them as the server's pages do.
"""

from __future__ import annotations

from typing import Any, Final

from api import atlas, treaties
from api.language import Lang
from api.routes.projects import SHADES, row
from api.site import Site
from graph.dates import PartialDate
from graph.read import cooperation, offices
from graph.read import treaties as record
from graph.read.labels import Label
from graph.read.treaties import STATUSES, Commitments
from viz.treaty_names import treaty_names

#: The tables of words that the pages with filters or a day speak from.
_WORDS: Final = (
    "cell", "sign", "counted", "treaties", "signed-only", "map", "growth", "treaty", "state", "projects", "people",
    "filter", "not-known", "none-here", "organisations", "source-line", "copies",
)  # fmt: skip


def pack(site: Site, lang: Lang) -> dict[str, Any]:
    """Everything of one language. Raises :class:`graph.read.store.StoreError`."""
    say = atlas.interface(lang)
    words = {key: say.template(key) for key in sorted(say.keys) if key.partition(".")[0] in _WORDS}
    return {
        "words": words,
        "release": site.manifest.release,
        **commitments(record.read(site.store, lang), lang),
        "projects": _projects(cooperation.read(site.store, lang)),
        "offices": _offices(offices.read(site.store, lang)),
    }


def commitments(found: Commitments, lang: Lang) -> dict[str, Any]:
    """Treaties in the order of years, participants in the order of names; days and partial dates as in ISO 8601."""
    short = {one: treaties.short(one, lang) for one in found.treaties}
    return {
        "statuses": list(STATUSES),
        "signs": dict(treaties.SIGNS),
        "fills": dict(treaties.FILLS),
        "main": list(treaties.MAIN),
        "treaties": [
            {"id": one.id, "short": short[one.id], "inside": treaties.inside(one.id, lang), "year": one.year,
             "adopted": one.adopted.first_day.isoformat() if one.adopted else None,
             "partial": treaty_names()[one.id].partial}
            for one in found.in_order()
        ],
        "participants": [
            {"id": one.id, "kind": one.kind, "name": one.name.text, "lang": _foreign(one.name), "numeric": one.numeric,
             "region": one.region, "continent": one.continent}
            for one in found.participants.values()
        ],
        "periods": {
            f"{treaty} {who}": [
                [one.evidence, _text(one.start), _text(one.start_day), _text(one.end), _text(one.end_day),
                 _text(one.in_force_day), _text(one.known_by), _text(one.end_known_by)]
                for one in several
            ]
            for (treaty, who), several in sorted(found.periods.items())
        },
        "signatures": {
            f"{treaty} {who}": [[one.evidence, _text(one.stated), _text(one.day)] for one in several]
            for (treaty, who), several in sorted(found.signatures.items())
        },
        "members": {one: sorted(members) for one, members in sorted(found.members.items())},
        "regions": dict(sorted(found.regions.items())),
    }  # fmt: skip


def _projects(found: cooperation.Cooperation) -> dict[str, Any]:
    countries = sorted({state for one in found.projects for state in one.countries})
    actors = sorted({who for one in found.projects for who in (*one.implementers, *one.partners, *one.funders)})
    return {
        "order": [one.id for one in found.projects],
        "places": {one: [each.id for each in found.some(one, "")] for one in (*cooperation.REGIONS, *countries)},
        "by": {one: [each.id for each in found.some("", one)] for one in actors},
        "countries": {one.id: sorted(one.countries) for one in found.projects},
        "rows": {one.id: [atlas.cell(each) for each in row(one, found)] for one in found.projects},
        "names": {one: found.names[one].text for one in countries},
        "numbers": {one: found.numbers[one] for one in countries if found.numbers[one]},
        "shades": [list(one) for one in SHADES],
    }


def _offices(found: offices.Offices) -> dict[str, Any]:
    return {
        office: [[one.path, one.holder, _text(one.start_day), _text(one.end_day)] for one in terms]
        for office, terms in found.terms.items()
    }


def _foreign(name: Label) -> str:
    return name.language if name.foreign else ""


def _text(value: PartialDate | object | None) -> str | None:
    return None if value is None else str(value)
