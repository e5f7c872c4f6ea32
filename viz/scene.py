"""The scene: what a view of the network shows, as typed nodes, edges and groups that every renderer reads.

A scene is the contract between the server and whatever draws: the WebGL front end, the server's own SVG, the table
twin, the exports and the offline file all read this and nothing else. One edge is one statement of the graph, so that
everything drawn can be clicked, cited and dated. :func:`schema` is its JSON Schema, published with the API.

Coordinates: x to the right, y downwards, in pixels of a canvas of `width` by `height`: :data:`WIDTH` by :data:`HEIGHT`
unless a screen of another shape asked. Pins in a state are always in pixels of the nominal canvas.
Days are ISO dates (`2002-10-29`), `start` the first day and `end` the first day no longer within, None when unknown.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, get_args

#: Raised when a reader must not read what an older server wrote.
VERSION: Final = 1

#: The nominal canvas on which positions are computed, in pixels.
WIDTH: Final = 1000
HEIGHT: Final = 700

Family = Literal["treaty", "monitoring", "cooperation", "funding", "structure", "mandate"]
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)

#: What a node looks like. Every type of the ontology is drawn as one of these.
Kind = Literal["state", "international", "national", "association", "instrument", "project", "person"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

#: How a statement stands on the day of the view. `unknown` is a third state of its own: no source gives the day.
Standing = Literal["valid", "future", "ended", "unknown"]
STANDINGS: Final[tuple[Standing, ...]] = get_args(Standing)

#: Type of the ontology -> kind of mark.
KIND_OF: Final[dict[str, Kind]] = {
    "State": "state",
    "Territory": "state",
    "IntergovernmentalOrganisation": "international",
    "UNBody": "international",
    "EUBody": "international",
    "CouncilOfEuropeBody": "international",
    "OSCEBody": "international",
    "Fund": "international",
    "Mandate": "international",
    "GovernmentBody": "national",
    "CoordinationBody": "national",
    "LawEnforcementBody": "national",
    "NationalRapporteur": "national",
    "DevelopmentAgency": "national",
    "CivilSocietyOrganisation": "association",
    "Network": "association",
    "ResearchBody": "association",
    "Treaty": "instrument",
    "Protocol": "instrument",
    "Directive": "instrument",
    "Regulation": "instrument",
    "FrameworkDecision": "instrument",
    "Resolution": "instrument",
    "Recommendation": "instrument",
    "Declaration": "instrument",
    "NationalLaw": "instrument",
    "Decree": "instrument",
    "Circular": "instrument",
    "ActionPlan": "instrument",
    "Strategy": "instrument",
    "Judgment": "instrument",
    "Project": "project",
    "Initiative": "project",
    "Campaign": "project",
    "Person": "person",
}


@dataclass(frozen=True)
class Node:
    """An entity. `id` is its local id (`fra`), `label` the short name on the drawing, `name` the full one, both in
    the scene's language; `type` the ontology's class, `kind` how it is drawn, `degree` its statements in the release,
    `above` whether the label stands above the mark.
    """

    id: str
    kind: Kind
    type: str
    label: str
    name: str
    who: str = ""
    degree: int = 0
    x: float = 0.0
    y: float = 0.0
    focus: bool = False
    pinned: bool = False
    standing: Standing = "valid"
    above: bool = False


@dataclass(frozen=True)
class Edge:
    """A statement. `id` is its path below `id/` (`action/untoc/fra/ratification`), `label` the sentence that says it
    in the scene's language, `kind` the class of the statement; `inferred` when a rule made it and no source prints it.

    Statements that readers take for one connection (a signature and the ratification that followed; a monitor's
    mandate, visits and reports) share their `link`, the id of the one that stands for it on the day of the view
    (`leads`); a drawing has one line per link. `sources` counts the sources behind the statement.
    """

    id: str
    source: str
    target: str
    predicate: str
    family: Family
    kind: str
    label: str
    directed: bool = True
    start: str | None = None
    end: str | None = None
    standing: Standing = "valid"
    inferred: bool = False
    link: str = ""
    leads: bool = True
    sources: int = 0


@dataclass(frozen=True)
class Group:
    """Neighbours of `node` that are folded into one mark: how many, of what family and kind. Its `id` is what the
    state's `open` takes to unfold it (`fra:treaty:instrument`)."""

    id: str
    node: str
    family: Family
    kind: Kind
    count: int
    label: str
    x: float = 0.0
    y: float = 0.0
    above: bool = False


@dataclass(frozen=True)
class Scene:
    """A whole view. `state` is its canonical query string, `caption` the sentence that says what is shown: the same
    sentence is the alternative text and the caption of every export. `width` and `height` are the canvas that positions
    were asked for, `bounds` left, top, right and bottom of all that is drawn, which may be more where that was too
    small; all in pixels."""

    release: str
    date: str
    state: str
    lang: str
    as_of: str
    caption: str
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    groups: tuple[Group, ...] = ()
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    width: int = WIDTH
    height: int = HEIGHT
    bounds: tuple[float, float, float, float] = (0.0, 0.0, float(WIDTH), float(HEIGHT))
    version: int = VERSION

    def dump(self) -> dict[str, Any]:
        """The scene as plain data, ready for JSON."""
        return asdict(self)


def kind_of(type_: str) -> Kind:
    """How a class of the ontology is drawn. Raises :class:`ValueError` for a class that no mark was chosen for."""
    try:
        return KIND_OF[type_]
    except KeyError:
        raise ValueError(f"type {type_!r}: no mark is chosen for it; known are {', '.join(KIND_OF)}") from None


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of :meth:`Scene.dump`."""
    text, number, whole = {"type": "string"}, {"type": "number"}, {"type": "integer", "minimum": 0}
    flag, day = {"type": "boolean"}, {"type": ["string", "null"], "format": "date"}

    def one_of(values: tuple[str, ...]) -> dict[str, Any]:
        return {"type": "string", "enum": list(values)}

    def record(**properties: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "additionalProperties": False,
            "required": list(properties),
            "properties": properties,
        }

    node = record(
        id=text, kind=one_of(KINDS), type=text, label=text, name=text, who=text, degree=whole, x=number, y=number,
        focus=flag, pinned=flag, standing=one_of(STANDINGS), above=flag,
    )  # fmt: skip
    edge = record(
        id=text, source=text, target=text, predicate=text, family=one_of(FAMILIES), kind=text, label=text,
        directed=flag, start=day, end=day, standing=one_of(STANDINGS), inferred=flag, link=text, leads=flag,
        sources=whole,
    )  # fmt: skip
    group = record(
        id=text, node=text, family=one_of(FAMILIES), kind=one_of(KINDS), count=whole, label=text, x=number, y=number,
        above=flag,
    )  # fmt: skip
    counts = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": whole}}
    body = record(
        release=text, date=text, state=text, lang=one_of(("en", "fr")), as_of={"type": "string", "format": "date"},
        caption=text, nodes={"type": "array", "items": node}, edges={"type": "array", "items": edge},
        groups={"type": "array", "items": group}, counts=counts, width=whole, height=whole,
        bounds={"type": "array", "items": number, "minItems": 4, "maxItems": 4},
        version={"const": VERSION},
    )  # fmt: skip
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Palermo scene", **body}
