"""The words of views in English and French: counts, kinds, families, days. One place, so that no page says it twice."""

from __future__ import annotations

from datetime import date
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from viz.scene import Family, Kind, Standing

#: Kind of node -> (one, several) by language.
KIND: Final[dict[str, dict[Kind, tuple[str, str]]]] = {
    "en": {
        "state": ("state or territory", "states and territories"),
        "international": ("international body", "international bodies"),
        "national": ("national body", "national bodies"),
        "association": ("association or network", "associations and networks"),
        "instrument": ("treaty or text", "treaties and texts"),
        "project": ("project or campaign", "projects and campaigns"),
        "person": ("person in office", "people in office"),
    },
    "fr": {
        "state": ("État ou territoire", "États et territoires"),
        "international": ("organe international", "organes internationaux"),
        "national": ("organe national", "organes nationaux"),
        "association": ("association ou réseau", "associations et réseaux"),
        "instrument": ("traité ou texte", "traités et textes"),
        "project": ("projet ou campagne", "projets et campagnes"),
        "person": ("personne en fonction", "personnes en fonction"),
    },
}

FAMILY: Final[dict[str, dict[Family, str]]] = {
    "en": {
        "treaty": "Treaties and texts",
        "monitoring": "Monitoring",
        "cooperation": "Cooperation",
        "funding": "Funding",
        "structure": "Structure",
        "mandate": "Mandates",
    },
    "fr": {
        "treaty": "Traités et textes",
        "monitoring": "Suivi et contrôle",
        "cooperation": "Coopération",
        "funding": "Financement",
        "structure": "Structure",
        "mandate": "Mandats",
    },
}

STANDING: Final[dict[str, dict[Standing, str]]] = {
    "en": {"valid": "in force that day", "future": "not yet begun", "ended": "ended", "unknown": "day not known"},
    "fr": {
        "valid": "en vigueur ce jour-là",
        "future": "pas encore commencé",
        "ended": "terminé",
        "unknown": "jour inconnu",
    },
}


def day(value: date, lang: str) -> str:
    """A day written out: 23 November 2026, 1er janvier 2005."""
    text = str(format_date(value, "d MMMM y", locale=lang))
    return text.replace("1 ", "1er ", 1) if lang == "fr" and value.day == 1 else text


def number(value: int, lang: str) -> str:
    """A count with the language's own grouping of thousands."""
    return str(format_decimal(value, locale=lang))


def count(kind: Kind, value: int, lang: str) -> str:
    """`3 international bodies`; French counts nought and one in the singular."""
    one, several = KIND[lang][kind]
    single = value == 1 or (lang == "fr" and value == 0)
    return f"{number(value, lang)} {one if single else several}"


def more(kind: Kind | None, value: int, lang: str, family: Family) -> str:
    """The label of a folded group: `12 more national bodies`, or where its kinds differ `12 more: monitoring`."""
    if kind is None:
        name = FAMILY[lang][family].lower()
        other = "autre" if value == 1 else "autres"
        return f"{number(value, lang)} {other} : {name}" if lang == "fr" else f"{number(value, lang)} more: {name}"
    one, several = KIND[lang][kind]
    if lang == "fr":
        return f"{number(value, lang)} {'autre' if value == 1 else 'autres'} {one if value == 1 else several}"
    return f"{number(value, lang)} more {one if value == 1 else several}"


def parties(value: int, lang: str) -> str:
    """The label of a treaty's folded states: `169 more states, parties or signatories`."""
    if lang == "fr":
        some = "autre État, partie ou signataire" if value == 1 else "autres États, parties ou signataires"
        return f"{number(value, lang)} {some}"
    some = "state, party or signatory" if value == 1 else "states, parties or signatories"
    return f"{number(value, lang)} more {some}"


def joined(several: list[str], lang: str) -> str:
    """`France, Sweden and Norway`."""
    last = " et " if lang == "fr" else " and "
    return last.join(filter(None, [", ".join(several[:-1]), several[-1] if several else ""]))
