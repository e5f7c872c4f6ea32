"""The page of competency questions, written from the query files themselves: `python -m graph.read.questions`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from graph.read.library import NamedQuery, load

_HEAD = """\
# Questions that the graph answers

Every question here is answered by one file in `graph/read/queries/`. A file runs as it is in any SPARQL 1.1 tool; its
parameters stand in it as `VALUES ?name { … }` with their defaults, and are bound to other values by name:

    palermo query parties-to-treaty --param treaty=untoc --param date=2004-12-31

A value for an `iri` may be an IRI, a prefixed name (`id:fra`) or a local id (`fra`). Answers keep three states apart:
what is certain on the day asked, what holds since an unknown day, and what is not known to hold by then.

This page is written from the files (`python -m graph.read.questions > docs/questions.md`), and a test holds the two
together.
"""


def page(library: Mapping[str, NamedQuery]) -> str:
    """The page in Markdown: questions under their first tag, with file, parameters and columns."""
    by_tag: dict[str, list[NamedQuery]] = defaultdict(list)
    for query in library.values():
        by_tag[query.tags[0]].append(query)
    parts = [_HEAD, f"{len(library)} questions.\n"]
    for tag in sorted(by_tag):
        parts.append(f"## {tag[0].upper()}{tag[1:]}\n")
        parts += [_entry(query) for query in by_tag[tag]]
    return "\n".join(parts)


def _entry(query: NamedQuery) -> str:
    lines = [f"### {query.question}\n", f"[`{query.name}`](../graph/read/queries/{query.name}.rq). {query.summary}\n"]
    for param in query.params:
        default = "may be left open" if param.optional else f"default `{param.default}`"
        lines.append(f"- parameter `{param.name}` ({param.datatype}, {default}): {param.help}")
    lines += [f"- column `{column.name}`: {column.meaning}" for column in query.columns]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(load()), end="")
