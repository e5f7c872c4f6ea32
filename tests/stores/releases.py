"""Release directories from a file of named graphs, for stores and engines that take nothing else."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse, serialize

from graph import manifest


def write(directory: Path, trig: str, release: str = "1.0.0") -> Path:
    """Write a release that holds these graphs, and return its directory."""
    directory.mkdir(parents=True)
    quads = sorted(set(parse(trig, format=RdfFormat.TRIG)), key=str)
    merged = sorted({Triple(one.subject, one.predicate, one.object) for one in quads}, key=str)
    (directory / manifest.DATASET).write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    (directory / manifest.MERGED).write_bytes(serialize(merged, format=RdfFormat.N_TRIPLES) or b"")
    files = manifest.describe(directory)
    graphs = {one.graph_name for one in quads}
    described = manifest.Manifest(
        release=release,
        base="https://w3id.org/palermo/",
        input="0" * 64,
        hash=manifest.hash_of(files),
        date="2024-01-01",
        counts={"triples": len(merged), "quads": len(quads), "graphs": len(graphs)},
        files=files,
    )
    (directory / manifest.NAME).write_text(described.dump(), encoding="utf-8")
    return directory
