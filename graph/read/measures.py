"""Measures of the network, with the method, the parameters and the release that gave them.

Everything is computed by networkx on :mod:`graph.read.projection`; what has a random part has a fixed seed, so that
the same release gives the same figures. A backend of networkx may be named for large graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from graph.read.index import NetworkIndex
from graph.read.network import Filter, whole
from graph.read.projection import shared_treaties, simple

if TYPE_CHECKING:
    import networkx as nx
else:
    from graph import networks as nx

SEED: Final = 20021029
#: Damping of PageRank and resolution of communities: the customary values.
DAMPING: Final = 0.85
RESOLUTION: Final = 1.0
#: Power iteration stops at this change; more than this many rounds mean that it does not converge.
TOLERANCE: Final = 1e-8
ROUNDS: Final = 2000


class MeasureError(ValueError):
    """A measure that does not exist or cannot be taken of a graph; the message says what is allowed."""


@dataclass(frozen=True)
class Measured:
    """The result of one measure: values by local id, the greatest first, and how they were found.

    `groups` are communities, the largest first. `unit` says what a value is.
    """

    measure: str
    method: str
    unit: str
    parameters: Mapping[str, Any]
    release: str
    nodes: int
    edges: int
    values: tuple[tuple[str, float], ...]
    groups: tuple[tuple[str, ...], ...] = ()
    summary: Mapping[str, float] = field(default_factory=dict)


Values = dict[str, float]


def _degree(graph: nx.Graph[str], _: Mapping[str, Any]) -> Values:
    return {node: float(count) for node, count in graph.degree()}


def _betweenness(graph: nx.Graph[str], options: Mapping[str, Any]) -> Values:
    return dict(nx.betweenness_centrality(graph, normalized=True, **options))


def _eigenvector(graph: nx.Graph[str], options: Mapping[str, Any]) -> Values:
    # On a graph in several parts the vector is that of the greatest part; the others have no share in it.
    largest = graph.subgraph(max(nx.connected_components(graph), key=lambda one: (len(one), sorted(one))))
    found = nx.eigenvector_centrality(largest, max_iter=ROUNDS, tol=TOLERANCE, weight="weight", **options)
    return {node: float(found.get(node, 0.0)) for node in graph}


def _pagerank(graph: nx.Graph[str], options: Mapping[str, Any]) -> Values:
    return dict(nx.pagerank(graph, alpha=DAMPING, tol=TOLERANCE, max_iter=ROUNDS, weight="weight", **options))


def _core(graph: nx.Graph[str], options: Mapping[str, Any]) -> Values:
    return {node: float(value) for node, value in nx.core_number(graph, **options).items()}


def _brokers(graph: nx.Graph[str], options: Mapping[str, Any]) -> Values:
    """Burt's effective size: how many of a node's neighbours it alone joins. Loops are not in the graph."""
    found: Values = {}
    for node in graph:
        around = set(graph[node])
        ties = sum(len(around & set(graph[one])) for one in around) / 2
        found[node] = len(around) - 2 * ties / len(around) if around else 0.0
    return found


@dataclass(frozen=True)
class _Measure:
    run: Callable[[nx.Graph[str], Mapping[str, Any]], Values]
    method: str
    unit: str
    backend: bool = True


MEASURES: Final[Mapping[str, _Measure]] = MappingProxyType(
    {
        "degree": _Measure(_degree, "number of linked nodes", "nodes", False),
        "betweenness": _Measure(_betweenness, "share of shortest paths through a node (Brandes)", "share, 0 to 1"),
        "eigenvector": _Measure(
            _eigenvector, "eigenvector of the weighted adjacency, greatest part", "length-1 vector"
        ),
        "pagerank": _Measure(_pagerank, f"PageRank, damping {DAMPING}, weighted", "share, sums to 1"),
        "core": _Measure(_core, "k-core number", "k"),
        "brokers": _Measure(_brokers, "Burt's effective size of a node's neighbourhood", "nodes", False),
    }
)
#: What :func:`measure` takes: the measures of nodes, and communities.
NAMES: Final = (*MEASURES, "communities")
PROJECTIONS: Final = ("links", "treaties")


def backends() -> tuple[str, ...]:
    """The backends of networkx that can be named here: its own algorithms, and those of packages that are installed."""
    return ("networkx", *sorted(one.name for one in entry_points(group="networkx.backends")))


def graph_of(index: NetworkIndex, only: Filter, projection: str = "links", unknown: bool = True) -> nx.Graph[str]:
    """The projection of that name. Raises :class:`MeasureError`."""
    if projection == "links":
        return simple(index, only, unknown)
    if projection == "treaties":
        return shared_treaties(index, only, unknown)
    raise MeasureError(f"projection {projection!r}: one of {', '.join(PROJECTIONS)} is needed")


def measure(
    index: NetworkIndex,
    name: str,
    only: Filter | None = None,
    *,
    projection: str = "links",
    unknown: bool = True,
    backend: str | None = None,
) -> Measured:
    """Take one measure of a projection. `backend` names an installed networkx backend.

    Raises :class:`MeasureError` for an unknown name, a backend that is not installed or lacks the
    measure, an empty graph.
    """
    if name not in NAMES:
        raise MeasureError(f"measure {name!r}: one of {', '.join(NAMES)} is needed")
    if backend is not None and backend not in (known := backends()):
        raise MeasureError(f"backend {backend!r} is not installed; there is {', '.join(known)}")
    only = only or Filter()
    graph = graph_of(index, only, projection, unknown)
    if not graph:
        raise MeasureError("no node of the network has a link under these conditions")
    options: dict[str, Any] = {"backend": backend} if backend else {}
    parameters = {
        "projection": projection,
        "families": sorted(only.families),
        "kinds": sorted(only.kinds),
        "as_of": only.as_of.isoformat() if only.as_of else None,
        "unknown_dates": unknown,
        "networkx": nx.__version__,
        **options,
    }
    try:
        return _taken(index, name, graph, options, parameters)
    except NotImplementedError:
        raise MeasureError(
            f"backend {backend!r} has no {name}; without one, networkx takes the measure itself"
        ) from None


def _taken(
    index: NetworkIndex, name: str, graph: nx.Graph[str], options: dict[str, Any], parameters: dict[str, Any]
) -> Measured:
    """The measure of a graph. Raises :class:`NotImplementedError` where the backend among the options lacks it."""
    groups: tuple[tuple[str, ...], ...] = ()
    summary: dict[str, float] = {"density": nx.density(graph)}
    if name == "communities":
        found = nx.community.louvain_communities(graph, weight="weight", resolution=RESOLUTION, seed=SEED, **options)
        groups = tuple(sorted((tuple(sorted(one)) for one in found), key=lambda one: (-len(one), one)))
        values = {node: float(number) for number, members in enumerate(groups, 1) for node in members}
        summary["modularity"] = nx.community.modularity(graph, found, weight="weight", resolution=RESOLUTION)
        method, unit = f"Louvain, resolution {RESOLUTION}, seed {SEED}, weighted", "number of the community"
        order = sorted(values.items(), key=lambda one: (one[1], one[0]))
    else:
        one = MEASURES[name]
        values, method, unit = one.run(graph, options if one.backend else {}), one.method, one.unit
        order = sorted(values.items(), key=lambda item: (-round(item[1], 12), item[0]))
    return Measured(
        measure=name,
        method=method,
        unit=unit,
        parameters=parameters,
        release=index.release,
        nodes=graph.number_of_nodes(),
        edges=graph.number_of_edges(),
        values=tuple((node, round(value, 8)) for node, value in order),
        groups=groups,
        summary={key: round(value, 8) for key, value in summary.items()},
    )


@dataclass(frozen=True)
class Similar:
    """How alike the commitments of two participants are: shared treaties, and their share of all (Jaccard)."""

    participant: str
    shared: int
    similarity: float


def similar(index: NetworkIndex, participant: str, only: Filter | None = None, unknown: bool = True) -> list[Similar]:
    """Who is bound by most nearly the same treaties as a participant. Raises :class:`MeasureError`."""
    graph = shared_treaties(index, only or Filter(), unknown)
    if participant not in graph:
        raise MeasureError(f"{participant!r} is bound by no treaty under these conditions")
    found = [Similar(other, data["shared"], round(data["weight"], 8)) for other, data in graph[participant].items()]
    return sorted(found, key=lambda one: (-one.similarity, -one.shared, one.participant))


@dataclass(frozen=True)
class Change:
    """What changed in a projection between two days: statements that came and went, and nodes by change of degree."""

    before: date
    after: date
    came: tuple[str, ...]
    went: tuple[str, ...]
    degree: tuple[tuple[str, int], ...]


def change(index: NetworkIndex, before: date, after: date, only: Filter | None = None) -> Change:
    """Links that hold for certain on one day and not on the other; links of unknown date are no change.

    Raises :class:`MeasureError` where `before` is not before `after`.
    """
    if before >= after:
        raise MeasureError(f"{before} is not before {after}")
    only = only or Filter()
    held: list[set[int]] = []
    degrees: list[Values] = []
    for day in (before, after):
        on = Filter(only.families, only.kinds, day)
        held.append({line.link for line in whole(index, on).edges if line.standing == "valid"})
        degrees.append(_degree(simple(index, on, unknown=False), {}))
    first, last = degrees
    difference = {node: int(last.get(node, 0) - first.get(node, 0)) for node in {*first, *last}}
    return Change(
        before=before,
        after=after,
        came=_names(index, held[1] - held[0]),
        went=_names(index, held[0] - held[1]),
        degree=tuple(
            sorted(((node, by) for node, by in difference.items() if by), key=lambda one: (-abs(one[1]), one[0]))
        ),
    )


def _names(index: NetworkIndex, links: set[int]) -> tuple[str, ...]:
    iris = (index.edges[index.links[number].edges[0]].iri for number in sorted(links))
    return tuple(sorted(index.ids.local(iri) or iri for iri in iris))
