"""Facts in, release out: the steps of a build in their order, with what each one counts."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from graph import manifest
from graph.build import diff, infer, persons, provenance, release, report, validate, vocabulary
from graph.build import tables as reader
from graph.build.collect import RDF_TYPE, Collector, pal
from graph.build.describe import void
from graph.build.families import Families
from graph.ids import PAL, Ids, redirects

#: What a build depends on besides the facts: a change of any of these makes an existing release stale.
_INPUTS: Final = ("ontology", "graph", "viz")
_INPUT_ENDINGS: Final = (".py", ".ttl", ".rq", ".csv", ".toml", ".jsonld", ".lock")
_VERSIONS: Final = ("palermo-kg", "pyoxigraph", "pyshacl", "rdflib", "networkx", "numpy")

Say = Callable[[str], None]
#: Further triples for the graph `release`, e.g. the named queries as examples.
Extra = Callable[[Ids], Iterable[Triple]]
#: Measures the finished directory: writes files of its own and gives triples for the graph `release`.
Measure = Callable[[Path, Ids], Iterable[Triple]]
#: Writes further files into the finished directory, e.g. the positions of the network.
Writer = Callable[[Path, Ids], None]

#: Reports nothing: for callers that want only the result.
SILENT: Final[Say] = lambda text: None  # noqa: E731


@dataclass(frozen=True)
class Checked:
    """Facts that passed all three gates, not yet written."""

    quads: set[Quad]
    merged: set[Triple]
    tables: reader.Tables
    vocabulary: vocabulary.Vocabulary
    rules: dict[str, int]
    gates: dict[str, int]
    warnings: list[str]
    explained: list[dict[str, str]]


def facts_directory() -> Path:
    """Where the curated tables are."""
    return Path(str(files("graph").joinpath("facts")))


def check(facts: Path, ids: Ids, say: Say = SILENT) -> Checked:
    """Read, gather, infer and validate. Raises :class:`graph.build.findings.BuildError` with every finding."""
    say("reading the ontology")
    words = vocabulary.load()
    say("reading the fact tables")
    tables = reader.read(facts, words.notations, redirects())
    say(f"gathering statements from {sum(map(len, tables.rows.values()))} rows")
    collector = Collector(ids, provenance.standings(tables["sources"], words.ranks))
    Families(collector, tables).all()
    quads = collector.quads()
    quads.update(provenance.describe(tables["sources"], ids, words, tables.link_checks))
    ontology = NamedNode(ids.graph("ontology"))
    quads.update(Quad(one.subject, one.predicate, one.object, ontology) for one in words.triples)
    say(f"inferring from {len(quads)} statements")
    store = infer.store_of(quads)
    inferred, rules = infer.infer(store, ids, infer.rules())
    quads |= inferred
    merged = release.merged(quads)
    say(f"validating {len(merged)} statements")
    outcome = validate.Outcome()
    gates = {"hygiene queries": validate.hygiene(store, outcome)}
    parties = _parties(merged, ids)
    validate.expectations(facts / "expectations.toml", tables, parties, outcome)
    gates["shapes"] = validate.shapes(release.lines(merged), outcome)
    validate.explain(facts / "explained.toml", ids, outcome)
    outcome.stop()
    return Checked(quads, merged, tables, words, rules, gates, outcome.warnings, outcome.explained)


def _parties(merged: set[Triple], ids: Ids) -> Counter[str]:
    party = pal("partyTo")
    return Counter(ids.local(one.object.value) or "" for one in merged if one.predicate == party)  # type: ignore[union-attr]


def build(
    facts: Path,
    out: Path,
    ids: Ids,
    say: Say = SILENT,
    extras: Iterable[Extra] = (),
    writers: Iterable[Writer] = (),
    measures: Iterable[Measure] = (),
    version: str = "",
) -> bool:
    """Make the release `out`, unless it stands already and nothing it is made from has changed.

    `version` is the release's semantic version, without it that of the package. Returns whether anything was built.
    Raises :class:`graph.build.findings.BuildError`; then nothing is written and the release that stood there stays.
    """
    number = version or metadata.version("palermo-kg")
    stamp = input_hash(facts, ids, number)
    with release.only_one(out, lambda: say("waiting for another build of the same release")):
        if out.is_symlink() and out.exists() and _stamp_of(out) == stamp:
            say(f"up to date: {out}")
            return False
        release.clean(out)
        checked = check(facts, ids, say)
        previous = out.resolve() if out.is_symlink() and _stamp_of(out) else None
        directory = release.store_of(out) / f"{stamp[:16]}.part"
        directory.mkdir()
        try:
            say("writing the release")
            made = _Made(directory, checked, ids, stamp, number)
            _write(made, extras, writers, measures)
            say("comparing with the release before")
            (directory / "CHANGES.md").write_text(diff.markdown(previous, directory), encoding="utf-8")
            _seal(made)
            say("putting the release into service")
            release.place(directory, out)
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
    say(f"built {out}")
    return True


@dataclass(frozen=True)
class _Made:
    """A release while it is written: its directory, what it holds, and what it is called."""

    directory: Path
    checked: Checked
    ids: Ids
    stamp: str
    version: str


def _write(made: _Made, extras: Iterable[Extra], writers: Iterable[Writer], measures: Iterable[Measure]) -> None:
    directory, done, ids = made.directory, made.checked, made.ids
    about = void(done.merged, ids, made.version, len(done.tables["sources"]))
    for extra in extras:
        about.update(extra(ids))
    _statements(made, about)
    (directory / manifest.ONTOLOGY).write_bytes(release.turtle(done.vocabulary.triples, ids.prefixes))
    (directory / manifest.VOID).write_bytes(release.turtle(about, ids.prefixes))
    release.tables(done.merged | about, _sources_of(done.quads, ids), ids, directory / "tables")
    data = report.report(done.tables, _nodes(done, ids), done.rules, done.gates, done.warnings, done.explained)
    data["persons"] = [asdict(one) for one in persons.listed(done.merged, ids)]
    release.write_json(directory / manifest.REPORT, data)
    (directory / "report.md").write_text(report.markdown(data), encoding="utf-8")
    _seal(made)
    measured: set[Triple] = set()
    for measure in measures:
        measured.update(measure(directory, ids))
    if measured:
        _statements(made, about | measured)
        _seal(made)
    for writer in writers:
        writer(directory, ids)


def _statements(made: _Made, about: set[Triple]) -> None:
    """Write what the release states, with what it says about itself in the graph `release`."""
    named = NamedNode(made.ids.graph("release"))
    quads = made.checked.quads | {Quad(one.subject, one.predicate, one.object, named) for one in about}
    (made.directory / manifest.DATASET).write_bytes(release.lines(quads))
    (made.directory / manifest.MERGED).write_bytes(release.lines(made.checked.merged | about))


def _seal(made: _Made) -> None:
    directory, done = made.directory, made.checked
    counts = {
        "triples": (directory / manifest.MERGED).read_bytes().count(b"\n"),
        "quads": (directory / manifest.DATASET).read_bytes().count(b"\n"),
        "graphs": len({quad.graph_name for quad in done.quads}) + 1,
        **{f"rows: {family}": len(rows) for family, rows in done.tables.rows.items()},
        **{f"nodes: {family}": count for family, count in _nodes(done, made.ids).items()},
    }
    described = manifest.describe(directory)
    content = {name: one for name, one in described.items() if name != "CHANGES.md"}
    newest = max((row["published"] for row in done.tables["sources"]), default="")
    release.finish(
        directory,
        manifest.Manifest(
            release=made.version,
            base=made.ids.base,
            input=made.stamp,
            hash=manifest.hash_of(content),
            date=newest,
            counts=counts,
            files=described,
            versions={name: metadata.version(name) for name in _VERSIONS},
        ),
    )


#: Family of tables -> the class whose instances its rows become; states stand in the table of actors as well.
_CLASSES: Final = {
    "treaty-actions": "TreatyAction",
    "relations": "Relation",
    "evaluations": "Evaluation",
    "projects": "Project",
    "statistics": "Observation",
    "court-cases": "Judgment",
    "claims": "Claim",
    "sources": "Source",
}


def _nodes(done: Checked, ids: Ids) -> dict[str, int]:
    of: dict[str, set[str]] = defaultdict(set)
    for triple in done.merged:
        if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode):
            of[triple.object.value.removeprefix(PAL)].add(str(triple.subject))
    counts = {family: len(of[name]) for family, name in _CLASSES.items()}
    for family in ("states", "actors", "instruments", "names"):
        counts[family] = len({row["id"] for row in done.tables[family]})
    return counts


def _sources_of(quads: set[Quad], ids: Ids) -> dict[str, set[str]]:
    start = ids.source("")
    found: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and graph.value.startswith(start) and isinstance(quad.subject, NamedNode):
            found[quad.subject.value].add(graph.value.removeprefix(start))
    return found


def input_hash(facts: Path, ids: Ids, version: str = "") -> str:
    """One hash over everything a release is made from: facts, ontology, code, base, its own and library versions."""
    digest = hashlib.sha256(f"{ids.base} {version}\n".encode())
    for name in _VERSIONS:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    roots = [Path(str(files(name))) for name in _INPUTS] + [facts]
    for number, root in enumerate(roots):
        for path in sorted(root.rglob("*")):
            if path.suffix in _INPUT_ENDINGS and not {"node_modules", "facts"} & set(path.relative_to(root).parts):
                digest.update(f"{number} {path.relative_to(root).as_posix()}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp_of(out: Path) -> str:
    try:
        return manifest.read(out).input
    except manifest.ManifestError:
        return ""
