"""/treaties: states and treaties as of a day, a treaty's map and growth, a state's commitments, signed and no more."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api import treaties as view
from api.atlas import Reader, ReaderDep, choice
from api.errors import NotFound
from graph.read import quality
from graph.read.treaties import ORGANISATIONS, Commitments, Participant, Treaty
from viz.treaty_names import treaty_names

router = APIRouter(tags=["pages"])

#: The treaty whose count stands above the matrix.
FIRST = "palermo-protocol"


def _treaty(found: Commitments, treaty: str) -> Treaty:
    if treaty not in found.treaties:
        raise NotFound(f"There is no treaty {treaty!r} with acts of states; there are {', '.join(found.treaties)}.")
    return found.treaties[treaty]


def _participant(found: Commitments, state: str) -> Participant:
    if state not in found.participants:
        raise NotFound(f"There is no state or party {state!r}; states are ISO 3166 codes such as fra.")
    return found.participants[state]


def _columns(found: Commitments, which: str) -> list[Treaty]:
    return [one for one in found.in_order() if which == "all" or one.id in view.MAIN]


def _asked(reader: Reader, found: Commitments) -> tuple[str, str, str, str]:
    """Region, organisation, which treaties, order. Raises :class:`BadRequest`."""
    which = choice(reader.request, "which", ["all"])
    columns = [one.id for one in _columns(found, which)]
    continents = sorted({one.continent for one in found.participants.values() if one.continent})
    return (
        choice(reader.request, "region", continents),
        choice(reader.request, "members", ORGANISATIONS),
        which,
        choice(reader.request, "sort", ["name", "bound", *columns]),
    )


@router.get("/treaties", summary="States and treaties on a day")
def matrix(reader: ReaderDep) -> Response:
    """The matrix with its filters, and the counts of every treaty."""
    found = reader.atlas.commitments(reader.lang)
    region, members, which, sort = _asked(reader, found)
    columns = _columns(found, which)
    groups = view.matrix(found, columns, reader, region, members, sort)
    continents = {one.continent for one in found.participants.values() if one.continent}
    return reader.page(
        "treaties.html",
        title=reader.say("treaties.title"),
        heading=reader.say("treaties.matrix", day=reader.day(reader.on)),
        counted=view.counted(found, FIRST, reader),
        columns=[_head(one, reader) for one in columns],
        partial=True,
        groups=groups,
        rows=sum(len(group.rows) for group in groups),
        counts=[_head(one, reader) | {"count": found.count(one.id, reader.on)} for one in found.in_order()],
        signs=view.SIGNS,
        region=region,
        members=members,
        which=which,
        sort=sort,
        regions=sorted(((one, found.regions[one]) for one in continents), key=lambda pair: pair[1]),
        organisations=[(one, reader.say(f"organisation.{one}")) for one in ORGANISATIONS],
    )


def _head(treaty: Treaty, reader: Reader) -> dict[str, Any]:
    return {
        "id": treaty.id,
        "name": view.short(treaty.id, reader.lang),
        "year": treaty.year,
        "partial": treaty_names()[treaty.id].partial,
        "href": reader.go(f"/treaties/{treaty.id}", region=None, members=None, sort=None, which=None),
    }


@router.get("/treaties.csv", summary="States and treaties on a day, as CSV")
def matrix_table(reader: ReaderDep) -> Response:
    """One row per participant and treaty of which something is known."""
    found = reader.atlas.commitments(reader.lang)
    region, members, which, _ = _asked(reader, found)
    rows = [
        (one.id, who.id, who.name.text, who.kind, cell.status, cell.since, reader.on, cell.evidence)
        for one in _columns(found, which)
        for who in found.participants.values()
        if (not region or who.continent == region) and (not members or who.id in found.members[members])
        if (cell := found.cell(one.id, who.id, reader.on)).status != "none"
    ]
    return reader.table("treaties", _COLUMNS, rows)


_COLUMNS = ("treaty", "participant", "name", "kind", "status", "since", "as_of", "evidence")


@router.get("/treaties/signed-only", summary="Signed and never ratified")
def signed_only(reader: ReaderDep) -> Response:
    """Every signature without an act that binds, on a day."""
    found = reader.atlas.commitments(reader.lang)
    return reader.page(
        "signed-only.html",
        title=reader.say("signed-only.title"),
        found=found.signed_only(reader.on),
        short=view.short,
    )


@router.get("/treaties/signed-only.csv", summary="Signed and never ratified, as CSV")
def signed_only_table(reader: ReaderDep) -> Response:
    """One row per signature without an act that binds."""
    found = reader.atlas.commitments(reader.lang)
    rows = [
        (one.id, who.id, who.name.text, who.kind, cell.status, cell.since, reader.on, cell.evidence)
        for one, who, cell in found.signed_only(reader.on)
    ]
    return reader.table("signed-only", _COLUMNS, rows)


@router.get("/treaties/states/{state}.csv", summary="A state's commitments, as CSV")
def state_table(state: str, reader: ReaderDep) -> Response:
    """One row per treaty."""
    found = reader.atlas.commitments(reader.lang)
    who = _participant(found, state)
    rows = [
        (one.id, who.id, who.name.text, who.kind, cell.status, cell.since, reader.on, cell.evidence)
        for one in found.in_order()
        if (cell := found.cell(one.id, state, reader.on)).status != "none"
    ]
    return reader.table(f"treaties-{state}", _COLUMNS, rows)


@router.get("/treaties/states/{state}/timeline.svg", summary="A state's commitments, as a picture")
def state_picture(state: str, reader: ReaderDep) -> Response:
    """The timeline as a file. Raises :class:`NotFound` where there is nothing to draw."""
    found = reader.atlas.commitments(reader.lang)
    who = _participant(found, state)
    drawn = view.timeline(view.commitments(found, state, reader)[1], who, reader)
    if drawn is None:
        raise NotFound(f"No dated act of {state!r} on a treaty is known.")
    return reader.picture(drawn[0])


@router.get("/treaties/states/{state}", summary="A state's commitments")
def state(state: str, reader: ReaderDep) -> Response:
    """What one state signed and is bound by, as a timeline and a table."""
    found = reader.atlas.commitments(reader.lang)
    who = _participant(found, state)
    table, rows = view.commitments(found, state, reader)
    return reader.page(
        "treaty-state.html",
        title=reader.say("state.title", who=who.name.text),
        who=who,
        table=table,
        timeline=view.timeline(rows, who, reader),
        short=view.short,
    )


@router.get("/treaties/{treaty}/map.svg", summary="A treaty's map, as a picture")
def map_picture(treaty: str, reader: ReaderDep) -> Response:
    """The map as a file."""
    found = reader.atlas.commitments(reader.lang)
    return reader.picture(view.world(found, _treaty(found, treaty).id, reader))


@router.get("/treaties/{treaty}/growth.svg", summary="A treaty's growth, as a picture")
def growth_picture(treaty: str, reader: ReaderDep) -> Response:
    """The number of parties over time as a file."""
    found = reader.atlas.commitments(reader.lang)
    drawn = view.growth(found, _treaty(found, treaty).id, reader)
    if drawn is None:
        raise NotFound(f"No dated act that binds to {treaty!r} is known.")
    return reader.picture(drawn[0])


@router.get("/treaties/{treaty}.csv", summary="A treaty's participants on a day, as CSV")
def treaty_table(treaty: str, reader: ReaderDep) -> Response:
    """One row per participant of whom something is known."""
    found = reader.atlas.commitments(reader.lang)
    one = _treaty(found, treaty)
    rows = [
        (one.id, who, found.participants[who].name.text, found.participants[who].kind, cell.status, cell.since,
         reader.on, cell.evidence)
        for who, cell in found.column(treaty, reader.on).items()
    ]  # fmt: skip
    return reader.table(treaty, _COLUMNS, rows)


def _more(one: quality.Share, treaty: str, reader: Reader) -> bool:
    """Whether more parties are counted elsewhere than stand here, no later than the day asked about."""
    return quality.COUNTED[one.key][1] == treaty and one.of > one.here and int(one.year) <= reader.on.year


@router.get("/treaties/{treaty}", summary="A treaty: map, growth, who is bound")
def treaty(treaty: str, reader: ReaderDep) -> Response:
    """One treaty on a day."""
    found = reader.atlas.commitments(reader.lang)
    one = _treaty(found, treaty)
    undated = found.undated(treaty)
    listed = ", ".join(who.name.text for who in undated)
    changes = [step for step in found.growth(treaty) if step[0] <= reader.on]
    counts = reader.atlas.kept("counted", "", lambda: tuple(quality.counted(reader.site.store)))
    return reader.page(
        "treaty.html",
        title=reader.say("growth.title", treaty=view.inside(treaty, reader.lang)),
        treaty=one,
        counted=view.counted(found, treaty, reader),
        partial=treaty_names()[treaty].partial,
        world=view.world(found, treaty, reader),
        growth=view.growth(found, treaty, reader) if changes else None,
        steps=changes,
        elsewhere=next((one for one in counts if _more(one, treaty, reader)), None),
        undated=reader.say("growth.undated", n=len(undated), names=listed) if undated else "",
        column=[
            (found.participants[who], cell, view.SIGNS[cell.status])
            for who, cell in found.column(treaty, reader.on).items()
        ],
        signs=view.SIGNS,
        fills=view.FILLS,
    )
