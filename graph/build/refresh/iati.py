"""IATI: projects against trafficking from activity files (IATI activity standard, version 2.0x).

An activity is one of our projects when its title is; an activity whose title is not known is a question, since most of
what a search brings is not about trafficking. Organisations and countries that the tables do not know are left out and
named in the reason. A budget is the sum of the activity's budgets, and only when all of them are in euros.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlsplit

from graph.build.refresh import dates, markup, matching
from graph.build.refresh.cache import Answer
from graph.build.refresh.connector import Connector, Get, source_row
from graph.build.refresh.errors import LayoutError
from graph.build.refresh.matching import Names
from graph.build.refresh.reading import Reading, Stated, says_something_new
from graph.build.tables import Tables

#: The open search over all published IATI activities.
SEARCH: Final = "https://d-portal.org/q.xml?from=act&limit=200&text_search=trafficking+in+human+beings"

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
#: activity-date type -> start or end; the actual day (2, 4) goes before the planned one (1, 3).
_DATES: Final = {"start": ("2", "1"), "end": ("4", "3")}
#: participating-org role -> column: funding, implementing.
_ROLES: Final = {"1": "funders", "4": "implementer"}
#: Category of a document-link that is the activity's own page (IATI code list DocumentCategory).
_OWN_PAGE: Final = "A12"
#: The elements of an activity in version 2.03; an element in a namespace of its own may stand beside them.
_ELEMENTS: Final = frozenset({
    "iati-identifier", "reporting-org", "title", "description", "participating-org", "other-identifier",
    "activity-status", "activity-date", "contact-info", "activity-scope", "recipient-country", "recipient-region",
    "location", "sector", "tag", "country-budget-items", "humanitarian-scope", "policy-marker", "collaboration-type",
    "default-flow-type", "default-finance-type", "default-aid-type", "default-tied-status", "budget",
    "planned-disbursement", "capital-spend", "transaction", "document-link", "related-activity", "legacy-data",
    "conditions", "result", "crs-add", "fss",
})  # fmt: skip
_KNOWN_ROLES: Final = frozenset({"1", "2", "3", "4"})


class Iati(Connector):
    """Projects, as their funders and implementers publish them."""

    name = "iati"
    title = "IATI: cooperation projects against trafficking in human beings"

    def fetch(self, get: Get, tables: Tables) -> list[Answer]:
        """The answer of the search."""
        return [get(SEARCH, {})]

    def read(self, answers: Iterable[Answer], tables: Tables) -> list[Reading]:
        """One reading for each file."""
        projects = Names(
            (row["id"], row[name]) for row in tables["projects"] for name in ("name_en", "name_fr") if row[name]
        )
        actors, states = matching.actors(tables), matching.states(tables)
        return [_reading(answer, projects, actors, states) for answer in answers]


def _reading(answer: Answer, projects: Names, actors: Names, states: Names) -> Reading:
    host, where = urlsplit(answer.url).hostname or "", "iati"
    root = markup.xml(answer, where)
    if root.tag == "dstore":
        found = root.findall("./iati-activities")
        if len(found) != 1:
            raise LayoutError(where, "one <iati-activities>", f"{len(found)} in <{root.tag}>")
        root = found[0]
    if root.tag != "iati-activities":
        raise LayoutError(where, "<iati-activities>", f"<{root.tag}>")
    version = root.get("version", "")
    if not version.startswith("2."):
        raise LayoutError(where, "version 2.0x of the activity standard", repr(version))
    activities = root.findall("./iati-activity")
    if not activities:
        raise LayoutError(where, "activities", "none")
    source = source_row(
        f"iati-{host.replace('.', '-')}-{answer.day}",
        "IATI activities: trafficking in human beings",
        f"International Aid Transparency Initiative (via {host})",
        answer,
        kind="database",
    )
    return Reading(
        source,
        lambda row: row["url"] == answer.url,
        lambda row: row.family == "projects",
        tuple(_activities(activities, projects, actors, states)),
        says_something_new,
    )


def _activities(activities: list[Any], projects: Names, actors: Names, states: Names) -> Iterator[Stated]:
    seen: set[str] = set()
    for activity in activities:
        identifier = _only(activity, "iati-identifier", "iati")
        where = f"iati {identifier}"
        for child in activity:
            if isinstance(child.tag, str) and not child.tag.startswith("{") and child.tag not in _ELEMENTS:
                raise LayoutError(where, "elements of the activity standard 2.03", f"<{child.tag}>")
        if identifier in seen:
            raise LayoutError(where, "each activity once", "it stands twice")
        seen.add(identifier)
        titles = _narratives(activity, "title", where)
        english = titles.get("en") or next(iter(titles.values()))
        match = next((m for m in map(projects.find, titles.values()) if m.sure), projects.find(english))
        values = {"name_en": english, "name_fr": titles.get("fr", ""), **_days(activity, where)}
        left: list[str] = []
        for role, column in _ROLES.items():
            values[column] = ";".join(_organisations(activity, role, actors, left, where))
        values["countries"] = ";".join(_countries(activity, states, left, where))
        values["budget_eur"] = _budget(activity, where)
        values["homepage"] = _own_page(activity, where)
        if match.sure:
            values["id"] = match.id
        note = f"IATI identifier {identifier}" + (f"; not recognised: {', '.join(left)}" if left else "")
        yield Stated("projects", {name: value for name, value in values.items() if value}, {"id": match}, note)


def _only(activity: Any, name: str, where: str) -> str:
    found = activity.findall(f"./{name}")
    if len(found) != 1:
        raise LayoutError(where, f"one <{name}> in an activity", str(len(found)))
    return markup.words(found[0], where)


def _narratives(element: Any, name: str, where: str) -> dict[str, str]:
    """Texts by language; the activity's own language stands where a narrative gives none."""
    usual = element.get(_LANGUAGE, "en")
    found = {one.get(_LANGUAGE, usual): markup.words(one, where) for one in element.findall(f"./{name}/narrative")}
    if not any(found.values()):
        raise LayoutError(where, f"a <narrative> with text in <{name}>", "none")
    return {language: text for language, text in found.items() if text}


def _days(activity: Any, where: str) -> dict[str, str]:
    days: dict[str, str] = {}
    for one in activity.findall("./activity-date"):
        kind, day = one.get("type", ""), one.get("iso-date", "")
        if kind not in {"1", "2", "3", "4"}:
            raise LayoutError(where, "an activity-date of type 1, 2, 3 or 4", repr(kind))
        days[kind] = dates.day(day, where)
    return {column: next((days[kind] for kind in kinds if kind in days), "") for column, kinds in _DATES.items()}


def _organisations(activity: Any, role: str, actors: Names, left: list[str], where: str) -> list[str]:
    found: list[str] = []
    for one in activity.findall("./participating-org"):
        if one.get("role", "") not in _KNOWN_ROLES:
            raise LayoutError(where, "a participating-org with the role 1, 2, 3 or 4", repr(one.get("role", "")))
        if one.get("role") == role:
            texts = [markup.words(text, where) for text in one.findall("./narrative")]
            match = next((m for m in map(actors.find, texts) if m.sure), None)
            if match is None:
                left += texts[:1]
            elif match.id not in found:
                found.append(match.id)
    return found


def _countries(activity: Any, states: Names, left: list[str], where: str) -> list[str]:
    found: list[str] = []
    for one in activity.findall("./recipient-country"):
        code = markup.plain(one.get("code", ""), where)
        match = states.by_code(code, "ISO 3166-1 alpha-2")
        if match.sure and match.id not in found:
            found.append(match.id)
        elif not match.sure:
            left.append(code or "a country without a code")
    return found


def _own_page(activity: Any, where: str) -> str:
    for link in activity.findall("./document-link"):
        if any(one.get("code") == _OWN_PAGE for one in link.findall("./category")):
            return markup.plain(link.get("url", ""), where)
    return ""


def _budget(activity: Any, where: str) -> str:
    total, currency = Decimal(0), activity.get("default-currency", "")
    budgets = activity.findall("./budget/value")
    for one in budgets:
        text = markup.words(one, where)
        try:
            total += Decimal(text)
        except InvalidOperation:
            raise LayoutError(where, "a number in <value>", repr(text)) from None
        if one.get("currency", currency) != "EUR":
            return ""
    return f"{total.normalize():f}" if budgets else ""
