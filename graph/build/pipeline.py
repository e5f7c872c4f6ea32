"""Facts in, release out: the steps of a build in their order, with what each one counts."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from graph import manifest
from graph.build import diff, infer, provenance, release, report, validate, vocabulary
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
    quads.update(provenance.describe(tables["sources"], ids, words))
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
) -> bool:
    """Make the release `out`, unless it stands already and nothing it is made from has changed.

    Returns whether anything was built. Raises :class:`graph.build.findings.BuildError`; then nothing is written and
    the release that stood there stays.
    """
    stamp = input_hash(facts, ids)
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
            _write(directory, checked, ids, stamp, extras, writers)
            say("comparing with the release before")
            (directory / "CHANGES.md").write_text(diff.markdown(previous, directory), encoding="utf-8")
            _seal(directory, checked, ids, stamp)
            say("putting the release into service")
            release.place(directory, out)
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
    say(f"built {out}")
    return True


def _write(
    directory: Path, done: Checked, ids: Ids, stamp: str, extras: Iterable[Extra], writers: Iterable[Writer]
) -> None:
    named = NamedNode(ids.graph("release"))
    about = void(done.merged, ids, version("palermo-kg"), len(done.tables["sources"]))
    for extra in extras:
        about.update(extra(ids))
    quads = done.quads | {Quad(one.subject, one.predicate, one.object, named) for one in about}
    merged = done.merged | about
    (directory / manifest.DATASET).write_bytes(release.lines(quads))
    (directory / manifest.MERGED).write_bytes(release.lines(merged))
    (directory / manifest.ONTOLOGY).write_bytes(release.turtle(done.vocabulary.triples, ids.prefixes))
    (directory / manifest.VOID).write_bytes(release.turtle(about, ids.prefixes))
    release.tables(merged, _sources_of(done.quads, ids), ids, directory / "tables")
    data = report.report(done.tables, _nodes(done, ids), done.rules, done.gates, done.warnings, done.explained)
    release.write_json(directory / manifest.REPORT, data)
    (directory / "report.md").write_text(report.markdown(data), encoding="utf-8")
    _seal(directory, done, ids, stamp)
    for writer in writers:
        writer(directory, ids)


def _seal(directory: Path, done: Checked, ids: Ids, stamp: str) -> None:
    counts = {
        "triples": (directory / manifest.MERGED).read_bytes().count(b"\n"),
        "quads": (directory / manifest.DATASET).read_bytes().count(b"\n"),
        "graphs": len({quad.graph_name for quad in done.quads}) + 1,
        **{f"rows: {family}": len(rows) for family, rows in done.tables.rows.items()},
        **{f"nodes: {family}": count for family, count in _nodes(done, ids).items()},
    }
    described = manifest.describe(directory)
    content = {name: one for name, one in described.items() if name != "CHANGES.md"}
    newest = max((row["published"] for row in done.tables["sources"]), default="")
    release.finish(
        directory,
        manifest.Manifest(
            release=version("palermo-kg"),
            base=ids.base,
            input=stamp,
            hash=manifest.hash_of(content),
            date=newest,
            counts=counts,
            files=described,
            versions={name: version(name) for name in _VERSIONS},
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


def input_hash(facts: Path, ids: Ids) -> str:
    """One hash over everything a release is made from: facts, ontology, code, base and library versions."""
    digest = hashlib.sha256(ids.base.encode())
    for name in _VERSIONS:
        digest.update(f"{name} {version(name)}\n".encode())
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
