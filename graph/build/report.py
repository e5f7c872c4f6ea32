"""The build report: per table the rows read, the rows in the graph, the rows set aside and why. Nothing is silent."""

from __future__ import annotations

from collections import Counter
from typing import Any

from graph.build.schema import FAMILIES
from graph.build.tables import Tables


def report(
    tables: Tables,
    nodes: dict[str, int],
    rules: dict[str, int],
    gates: dict[str, int],
    warnings: list[str],
    explained: list[dict[str, str]],
) -> dict[str, Any]:
    """The report as data. `nodes` counts the distinct nodes per family, `rules` the triples per rule, `gates` the
    checks and shapes that ran, `explained` the warnings whose reason is known. Every row that was read is in
    the graph, or the build would have stopped; rows that share a node (the same fact from two sources) are counted as
    corroborating."""
    files: dict[str, Counter[str]] = {}
    for family in FAMILIES:
        files[family] = Counter(row.file for row in tables[family])
    aside = [dict(row.values) for row in tables.set_aside]
    return {
        "tables": [
            {
                "family": family,
                "file": file,
                "rows read": count,
                "rows in the graph": count,
                "rows set aside": sum(1 for row in aside if f"{row['family']}-{row['origin']}.csv" == file),
            }
            for family, counts in files.items()
            for file, count in sorted(counts.items())
        ],
        "families": [
            {"family": family, "rows": sum(counts.values()), "nodes": nodes[family]} for family, counts in files.items()
        ],
        "set aside": aside,
        "rules": [{"rule": name, "triples": count} for name, count in sorted(rules.items())],
        "gates": gates,
        "warnings": warnings,
        "explained": explained,
    }


def markdown(data: dict[str, Any]) -> str:
    """The same report for people."""
    out = [
        "# Build report",
        "",
        "Every row read is in the graph; a row that was set aside is listed with its reason.",
        "",
    ]
    out += _table(data["tables"])
    out += ["## Rows and nodes", "", "Several rows may state one node: that is corroboration, or rival values.", ""]
    out += _table(data["families"])
    if data.get("persons"):
        out += ["## Persons", "", "Each stands here for a public office and nothing else.", ""]
        for one in data["persons"]:
            held = "; ".join(f"{tie} {other}" for tie, other in one["offices"])
            out.append(f"- {one['name']} ({one['id']}): {held}")
        out.append("")
    out += ["## Set aside", "", *(_table(data["set aside"]) if data["set aside"] else ["None.", ""])]
    out += ["## Rules", "", *_table(data["rules"])]
    out += ["## Gates", "", *(f"- {name}: {count}" for name, count in sorted(data["gates"].items())), ""]
    out += ["## Warnings", "", *([f"- {line}" for line in data["warnings"]] or ["None."]), ""]
    out += ["## Warnings with a known reason", ""]
    out += [*([f"- {one['finding']}: {one['reason_en']}" for one in data["explained"]] or ["None."]), ""]
    return "\n".join(out)


def _table(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return ["None.", ""]
    names = list(rows[0])
    body = ["| " + " | ".join(str(row[name]).replace("|", "\\|") for name in names) + " |" for row in rows]
    return ["| " + " | ".join(names) + " |", "|" + "---|" * len(names), *body, ""]
