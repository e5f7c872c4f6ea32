"""The page of a run: tables, ratios, targets, and charts as SVG."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from bench.charts import growth as growth_charts
from bench.clients import mean
from bench.growth import IN_MEMORY

if TYPE_CHECKING:
    from bench.run import Findings, Result

_BLUE: Final = "#1f5fa8"
_GREY: Final = "#8a8f98"


def page(found: Findings) -> str:
    """The page in Markdown. Every ratio is of two figures of this run."""
    release, results = found.release, found.results
    lines = [
        "# Performance",
        "",
        f"Written by `make bench` from one run of {found.seconds / 60:.0f} minutes on one machine; ratios are what "
        "carries over to another. Times are those that a client sees over HTTP, on the same machine."
        + (f" Measured after the rest, on the same machine: {', '.join(found.again)}." if found.again else ""),
        "",
        "Machine: " + ", ".join(f"{name} {value}" for name, value in found.machine.items()) + ".",
        f"Release {release.release}: {release.counts['triples']} triples, {release.counts['quads']} quads.",
        "",
        "## Targets",
        "",
        "| target | wanted | measured | met |",
        "|---|---|---|---|",
        *_targets(found),
        "",
        *_why(found),
        "## Named queries, one client",
        "",
        "Cold: by `/sparql`, no answer kept. Every engine, ours too, may keep what it read of a query's text. Hot: by "
        "`/queries/{name}`.",
        "",
        "![Geometric mean of all named queries](performance/queries.svg)",
        "",
        *_queries(results),
        "",
        "## Throughput",
        "",
        "![Entity pages and data, 16 clients](performance/entities.svg)",
        "",
        *_rates(results),
        "",
        "## Memory and start",
        "",
        "Memory is the peak of the process tree, shared pages counted once: while named queries were asked, and of "
        "everything that was asked. Start is to the first answer of a query.",
        "",
        "| server | start, s | memory at named queries, MiB | memory at all, MiB |",
        "|---|---|---|---|",
        *(f"| {one.name} | {one.started:.2f} | {one.memory / 2**20:.0f} | {one.peak / 2**20:.0f} |" for one in results),
        "",
    ]
    lines += _breakdown(found) + _endpoints(found) + _attacked(found) + _building(found) + _growth(found)
    stopped = [f"- {one.name}: {line}" for one in results for line in one.stopped]
    stopped += [f"- {line}" for line in found.missing]
    if stopped:
        lines += ["## Stopped, failed, not answered", "", *stopped, ""]
    return "\n".join(lines)


#: Of a breakdown: what stands over its two columns.
_COLUMNS: Final = {
    "start": ("start", "by the clock, s", "processor time, s"),
    "memory": ("memory", "of its own, MiB", "its part of shared pages, MiB"),
    "queries": ("named queries, cold, geometric mean", "over HTTP, ms", "the engine alone, ms"),
}


def _breakdown(found: Findings) -> list[str]:
    if not found.breakdown:
        return []
    lines = ["## Where time and memory go", ""]
    for of, columns in _COLUMNS.items():
        lines += ["| " + " | ".join(columns) + " |", "|---|---|---|"]
        lines += [
            f"| {one.name} | {one.first:.2f} | {_figure(one.second)} |" for one in found.breakdown if one.of == of
        ]
        lines.append("")
    return lines


def _endpoints(found: Findings) -> list[str]:
    if not found.endpoints or not found.hello:
        return []
    median, p95 = found.hello
    return [
        "## Endpoints for programs",
        "",
        f"Beside the smallest handler that FastAPI allows, which takes {median:.2f} ms (p95 {p95:.2f} ms). First: "
        "answers that nothing has kept, over hubs and leaves; again: the same requests once more.",
        "",
        "| endpoint | first, median ms | first, p95 ms | again, median ms | again, p95 ms | first, times the handler |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.name} | {one.first:.2f} | {one.first_p95:.2f} | {one.again:.2f} | {one.again_p95:.2f} "
            f"| {one.first / median:.1f} |"
            for one in found.endpoints
        ),
        "",
    ]


def _attacked(found: Findings) -> list[str]:
    lines: list[str] = []
    if attacked := found.hostile:
        lines += [
            "## One user among attackers",
            "",
            f"Twenty kinds of hostile query at once, and one user with light ones: {attacked['asked']:.0f} asked, "
            f"{attacked['failed']:.0f} failed, median {attacked['median']:.0f} ms, p95 {attacked['p95']:.0f} ms, "
            f"p99 {attacked['p99']:.0f} ms.",
            "",
        ]
    if found.respawn:
        lines += [
            f"A worker that is killed is replaced and answers after {found.respawn['forked']:.1f} ms; in a pool whose "
            f"processes load the release, after {found.respawn['pool']:.0f} ms.",
            "",
        ]
    return lines


def _building(found: Findings) -> list[str]:
    lines: list[str] = []
    if found.explorer:
        lines += [*found.explorer, ""]
    if built := found.building:
        ratio = built["build"] / built["parse"]
        lines += [
            "## Building",
            "",
            f"A build from the tables takes {built['build']:.1f} s; rdflib's plain parse of its dataset.nq takes "
            f"{built['parse']:.1f} s (ratio {ratio:.1f}).",
            "",
        ]
    return lines


def _growth(found: Findings) -> list[str]:
    if not found.growth:
        return []
    lines = [
        "## Growth",
        "",
        "The release several times over, in the real proportions (`bench/multiply.py`): times the size, seconds to the "
        "first answer (Virtuoso: on a database that is loaded), peak memory of the process tree, what the files or the "
        "database take on disk, and the geometric mean of every second named query; another server is asked those that "
        "it answered at x1, the quickest first, and compared with Palermo in memory over what both answered at the "
        "size. Putting a release on disk is done once, and takes the seconds of the column.",
        "",
        "![Start by size](performance/growth-start.svg)",
        "",
        "![Memory by size](performance/growth-memory.svg)",
        "",
        "![Disk by size](performance/growth-disk.svg)",
        "",
        "![Named queries by size](performance/growth-queries.svg)",
        "",
        "| size | server | put on disk, s | start, s | memory, MiB | disk, MiB | named queries, ms | answered "
        "| times Palermo in memory | note |",
        "|---" * 10 + "|",
    ]
    memory = {one.times: one.each for one in found.growth if one.name == IN_MEMORY}
    for one in sorted(found.growth, key=lambda one: one.times):
        lines.append(
            f"| x{one.times} | {one.name} | {_figure(one.loaded, 0)} | {_figure(one.started)} "
            f"| {_figure(one.memory / 2**20 or math.nan, 0)} "
            f"| {_figure(one.disk / 2**20 or math.nan, 0)} | {_figure(one.named)} | {len(one.each) or ''} "
            f"| {_figure(_common(one.each, memory.get(one.times, {})))} | {one.note} |"
        )
    ours = [one for one in found.growth if one.lookups]
    if ours:
        base = ours[0].lookups
        lines += ["", "Lookups, first answers, ms:", "", "| size | | " + " | ".join(base) + " |"]
        lines += ["|---" * (len(base) + 2) + "|"]
        lines += [
            f"| x{one.times} | {one.name} | "
            + " | ".join(f"{one.lookups.get(what, math.nan):.2f}" for what in base)
            + " |"
            for one in ours
        ]
        lines += ["", "![Lookups by size](performance/growth-lookups.svg)"]
    return [*lines, ""]


def _figure(value: float, digits: int = 2) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def _common(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Geometric mean of the ratios over the queries that both answered."""
    return mean(one[name] / other[name] for name in one if name in other)


def _queries(results: Sequence[Result]) -> list[str]:
    asked = [one for one in results if one.cold]
    lines = [
        "| server | queries | geometric mean, ms | median, ms | slowest, ms | times Palermo cold |",
        "|---|---|---|---|---|---|",
    ]
    ours = asked[0]
    rows = [(f"{one.name}, cold", one.cold) for one in asked] + [
        (f"{one.name}, hot", one.hot) for one in asked if one.hot
    ]
    for name, times in rows:
        slowest = max(times, key=lambda one: times[one])
        lines.append(
            f"| {name} | {len(times)} | {mean(times.values()):.2f} | {statistics.median(times.values()):.2f} | "
            f"{times[slowest]:.0f} ({slowest}) | {_common(times, ours.cold):.2f} |"
        )
    for one in asked:
        if one.differs:
            lines += ["", f"{one.name} gives another answer than Palermo to: {', '.join(sorted(one.differs))}."]
    worst = sorted(ours.cold, key=lambda one: -ours.cold[one])[:10]
    lines += ["", "The ten slowest of Palermo, ms:", ""]
    lines += ["| query | " + " | ".join(one.name for one in asked) + " |", "|---" * (len(asked) + 1) + "|"]
    for name in worst:
        cells = [f"{one.cold[name]:.1f}" if name in one.cold else "no answer" for one in asked]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _rates(results: Sequence[Result]) -> list[str]:
    lines = [
        "| what | server | median, ms | p95, ms | answers a second | CPU s for 1,000 |",
        "|---|---|---|---|---|---|",
    ]
    whats = list(dict.fromkeys(what for one in results for what in one.rates))
    for what in whats:
        for one in results:
            if what in one.rates:
                row = one.rates[what]
                lines.append(
                    f"| {what} | {one.name} | {row['median']:.2f} | {row['p95']:.2f} | {row['rate']:.0f} "
                    f"| {row['cpu']:.2f} |"
                )
    return lines


def _targets(every: Findings) -> list[str]:
    by = {one.name: one for one in every.results}
    ours, bare = by["Palermo"], by["bare handler"]
    virtuoso, oxigraph = by.get("Virtuoso"), by.get("rdflib-endpoint, Oxigraph store")
    rdflib = by.get("rdflib-endpoint, rdflib store")
    found: list[tuple[str, str, float, bool]] = []

    def target(text: str, wanted: str, value: float, met: bool) -> None:
        found.append((text, wanted, value, met))

    if virtuoso and virtuoso.cold:
        value = _common(ours.cold, virtuoso.cold)
        target("cold named queries, of Virtuoso's time", "at most 1.0", value, value <= 1)
        value = _common(ours.hot, virtuoso.cold)
        target("hot named queries, of Virtuoso's time", "at most 0.2", value, value <= 0.2)
    if rdflib and rdflib.cold:
        value = _common(ours.cold, rdflib.cold)
        target("cold named queries, of rdflib-endpoint's time (rdflib store)", "at most 0.02", value, value <= 0.02)
        value = ours.started / rdflib.started
        target("start, of rdflib-endpoint's (rdflib store)", "under 0.33", value, value < 1 / 3)
    if oxigraph:
        value = ours.memory / oxigraph.memory if oxigraph.memory else float("nan")
        target("memory, of rdflib-endpoint's (Oxigraph store)", "at most 1.5", value, value <= 1.5)
        value = ours.started / oxigraph.started
        target("start, of rdflib-endpoint's (Oxigraph store)", "under 0.33", value, value < 1 / 3)
    what = "entities, 16 clients"
    if what in ours.rates and what in bare.rates:
        value = ours.rates[what]["rate"] / bare.rates[what]["rate"]
        target("entity pages and data, of the bare handler's throughput", "at least 0.7", value, value >= 0.7)
    complete = next((one for one in every.endpoints if one.name == "/complete"), None)
    if complete and every.hello:
        value = complete.first / every.hello[0]
        target("completion of a name, of the smallest handler's time", "under 20", value, value < 20)
    grown = [one for one in every.growth if one.lookups]
    for one in grown[1:]:
        for what, first in grown[0].lookups.items():
            value = one.lookups.get(what, math.nan) / first
            held = one.name.removeprefix("Palermo, ")
            target(f"{what} at x{one.times}, {held}, of its time at x1 in memory", "at most 3", value, value <= 3)
    return [f"| {text} | {wanted} | {value:.3g} | {'yes' if met else 'no'} |" for text, wanted, value, met in found]


#: Why a target is missed where it is, by the beginning of its name: what a profile showed, once, on two cores.
_REASONS: Final = {
    "memory": "Server, zygote and workers are forked from one process that holds the release once. But to read it "
    "is to write to it (reference counts in the engine's nodes, we take it), which copies its pages: the table of "
    "where memory goes shows what each worker comes to own. The server owns what pages and API have read in the "
    "background; that peer is one process, and keeps nothing of the kind. All workers together may own as much again "
    "as the release takes; with less of it, cold queries took twice the processor time. On disk the same release "
    "stays under the target (the table of growth).",
    "start, of rdflib-endpoint's (Oxigraph store)": "Both read the same files with the same engine, which alone takes "
    "more than a third of that peer's start (the table of where time goes); our routes and pages take as long again to "
    "load, on the other core. pySHACL, networkx's measures and the agents' library are loaded when they are needed.",
    "cold named queries, of rdflib-endpoint's time (rdflib store)": "Counted over the queries that this peer answered, "
    "the light ones: it is stopped at 60 s in others, and those behind them, as heavy, are never asked. For a light "
    "one the way through HTTP, guard, lanes and worker is more than the engine takes (the table of where time goes).",
    "search at x10, on disk": "Eleven words, each asked once, so that nothing is kept: what a request waits for by "
    "chance is a good part of some milliseconds. At x100, with ten times the names, it was quicker.",
    "completion": "A first completion is asked of names that nothing has kept; matching words with slips forgiven is "
    "most of it. Asked again it is kept.",
    "cold named queries, of Virtuoso": "A cold query costs some 2 ms before and after the engine, for HTTP, the guard, "
    "the lanes and the way to a worker and back, of which Virtuoso has nothing; aggregates over all statements are "
    "slower row by row than in its columns.",
}


def _why(found: Findings) -> list[str]:
    """A line for each target that was missed, with the reason that is known."""
    lines = []
    for row in _targets(found):
        text, wanted, value, met = (cell.strip() for cell in row.strip("| ").split(" | "))
        if met == "no":
            reason = next((why for start, why in _REASONS.items() if text.startswith(start)), "Not looked into yet.")
            lines.append(f"- {text}: {wanted} is wanted, {value} was measured. {reason}")
    return ["Missed:", "", *lines, ""] if lines else []


def charts(found: Findings) -> dict[str, str]:
    """The charts by file name."""
    results = found.results
    cold = [(f"{one.name}, cold", mean(one.cold.values())) for one in results if one.cold]
    hot = [(f"{one.name}, hot", mean(one.hot.values())) for one in results if one.hot]
    what = "entities, 16 clients"
    rates = [(one.name, one.rates[what]["rate"]) for one in results if what in one.rates]
    return {
        **(growth_charts(found.growth) if found.growth else {}),
        "queries.svg": bars("Named queries, geometric mean, ms (logarithmic)", [*hot, *cold], logarithmic=True),
        "entities.svg": bars("Entity pages and data, 16 clients, answers a second", rates),
    }


def bars(title: str, values: Sequence[tuple[str, float]], *, logarithmic: bool = False) -> str:
    """Horizontal bars with their names and values; readable without colours."""
    row, left, width = 30, 290, 760
    low = min((value for _, value in values), default=1.0) / 2 if logarithmic else 0.0
    high = max((value for _, value in values), default=1.0)

    def length(value: float) -> float:
        share = math.log(value / low) / math.log(high / low) if logarithmic else value / high
        return share * (width - left - 90)

    height = 40 + row * len(values)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="14" role="img" aria-label="{escape(title)}">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="22" font-weight="bold">{escape(title)}</text>',
    ]
    for number, (name, value) in enumerate(values):
        y = 36 + row * number
        fill = _BLUE if name.startswith("Palermo") else _GREY
        parts += [
            f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{left}" y="{y}" width="{length(value):.1f}" height="22" fill="{fill}"/>',
            f'<text x="{left + length(value) + 6:.1f}" y="{y + 16}">{value:,.3g}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])
