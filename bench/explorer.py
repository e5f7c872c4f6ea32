"""First render and heap of the explorer against pyvis pages of the same data, in the same headless browser and run.

`make bench` calls :func:`measure` and puts :func:`section` into docs/performance.md; alone it is
`python -m bench.explorer [--url http://127.0.0.1:8000] [--quick]` beside a running `palermo serve`. The graphs: the
whole release, and synthetic ones of 10,000 nodes with 40,000 edges and of 50,000 with 200,000 (seeded, preferential
attachment). Each page is opened in a fresh browser context: once before it counts, since a browser's first page also
starts its graphics, then ROUNDS times, pages in turn; the median stands.

First render is the time from navigation until the drawing has been painted: for the explorer its whole page with its
table and the frame after; for pyvis vis-network's first `afterDrawing` where positions are given, and `stabilized` by
default, since nothing readable is drawn before that. A page that is not there within LIMIT is stopped; its time is a
lower bound, and it is opened once only.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooSlow
from pyvis.edge import Edge
from pyvis.network import Network
from pyvis.node import Node

from bench import peers
from tests.e2e.conftest import AS_SEEN, chromium

#: Longest wait for one page (seconds), and how often each is opened.
LIMIT: Final = 60.0
ROUNDS: Final = 3
MIB: Final = 1 << 20
#: The pages, in the order of the tables.
OURS: Final = "Palermo"
FIXED: Final = "pyvis, positions given, physics off"
DEFAULT: Final = "pyvis, default settings"
RELEASE: Final = "the release"
MIDDLE: Final = "10,000 nodes, 40,000 edges"
LARGE: Final = "50,000 nodes, 200,000 edges"


@dataclass(frozen=True)
class Measured:
    """One page of one graph: seconds to first render, MiB of JavaScript heap after a collection, whether it was
    stopped at LIMIT; then there is no heap."""

    graph: str
    page: str
    seconds: float
    heap: float
    cut: bool = False

    def __str__(self) -> str:
        if self.cut:
            return f"{self.graph:30} {self.page:38} stopped after {self.seconds:.0f} s"
        return f"{self.graph:30} {self.page:38} {self.seconds:8.2f} s {self.heap:9.1f} MiB"


def synthetic(nodes: int, edges: int, packed: dict[str, Any], seed: int = 197) -> dict[str, Any]:
    """A graph of that size in the columns of `scene.json`, with seeded positions."""
    draw = random.Random(seed)
    ends: list[int] = [0, 1]
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < edges:
        # half of the ends where many already are, as in real networks
        a, b = (draw.choice(ends) if draw.random() < 0.5 else draw.randrange(nodes) for _ in range(2))
        if a != b and (a, b) not in pairs:
            pairs.add((a, b))
            ends += (a, b)
    order = sorted(pairs)
    degree = [0] * nodes
    for a, b in order:
        degree[a] += 1
        degree[b] += 1
    count = range(len(order))
    return {
        **packed,
        "nodes": {
            "id": [f"n{one}" for one in range(nodes)],
            "type": ["State"] * nodes,
            "kind": [one % len(packed["kinds"]) for one in range(nodes)],
            "en": [f"Node {one}" for one in range(nodes)],
            "fr": [None] * nodes,
            "degree": degree,
            "x": [draw.randrange(-4000, 4000) for _ in range(nodes)],
            "y": [draw.randrange(-4000, 4000) for _ in range(nodes)],
        },
        "edges": {
            "id": [f"relation/n{a}/memberOf/n{b}" for a, b in order],
            "a": [a for a, _ in order],
            "b": [b for _, b in order],
            "family": [one % len(packed["families"]) for one in count],
            "kind": [0] * len(order),
            "predicate": [0] * len(order),
            "start": [36_000] * len(order),
            "end": [None] * len(order),
            "link": list(count),
            "leads": [1] * len(order),
            "inferred": [0] * len(order),
        },
    }


def pyvis_page(data: dict[str, Any], fixed: bool) -> str:
    """The page that pyvis makes of the same data: its defaults, or positions given and physics off."""
    made = Network(cdn_resources="in_line", height="700px", width="100%")
    nodes, edges = data["nodes"], data["edges"]
    # put into its lists as add_node and add_edge put them: those walk through all that was added before, which is
    # minutes at 40,000 edges and hours at 200,000, and is not what a reader waits for
    for at, local in enumerate(nodes["id"]):
        where = {"x": nodes["x"][at], "y": nodes["y"][at], "physics": False} if fixed else {}
        made.nodes.append(Node(local, "dot", nodes["en"][at], color="#97c2fc", **where).options)
    # one line per connection, as the explorer draws it, and between two nodes one, as pyvis draws it
    seen: set[frozenset[int]] = set()
    for a, b, leads in zip(edges["a"], edges["b"], edges["leads"], strict=True):
        if leads and (pair := frozenset((a, b))) not in seen:
            seen.add(pair)
            made.edges.append(Edge(nodes["id"][a], nodes["id"][b]).options)
    if fixed:
        made.toggle_physics(False)
    text = str(made.generate_html())
    event = "afterDrawing" if fixed else "stabilized"
    hook = f'network.once("{event}", function () {{ document.body.dataset.rendered = "yes"; }}); return network;'
    assert "return network;" in text, "pyvis has changed its template"
    return text.replace("return network;", hook)


def _heap(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    return used / MIB


#: Opens a page, and the selector of what is there once the drawing has been painted.
_Way = tuple[Callable[[Page], None], str]


def _open(browser: Browser, graph: str, page_name: str, way: _Way) -> Measured:
    open_, done = way
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(LIMIT * 1000)
    page = context.new_page()
    started = time.perf_counter()
    try:
        open_(page)
        left = max(1.0, LIMIT - (time.perf_counter() - started))
        page.wait_for_selector(done, state="attached", timeout=left * 1000)
        return Measured(graph, page_name, time.perf_counter() - started, _heap(page))
    except TooSlow:
        return Measured(graph, page_name, LIMIT, 0.0, cut=True)
    finally:
        context.close()


def _ways(url: str, name: str, data: dict[str, Any], folder: Path) -> dict[str, _Way]:
    """How each page of a graph is opened."""
    body = json.dumps(data, separators=(",", ":"))

    def explorer(page: Page) -> None:
        if name != RELEASE:  # the server has that one itself
            page.route("**/explore/whole.json", lambda route: route.fulfill(body=body, content_type="application/json"))
        page.goto(f"{url}/explore?show=whole", wait_until="commit")

    def pyvis(path: Path) -> Callable[[Page], None]:
        def opened(page: Page) -> None:
            page.route(
                "**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort()
            )
            page.goto(path.as_uri(), wait_until="commit")

        return opened

    ways: dict[str, _Way] = {OURS: (explorer, "#explorer[data-ready]")}
    for page_name, fixed in ((FIXED, True), (DEFAULT, False)):
        path = folder / f"{len(data['nodes']['id'])}-{fixed}.html"
        path.write_text(pyvis_page(data, fixed), encoding="utf-8")
        ways[page_name] = pyvis(path), "body[data-rendered]"
    return ways


def _rounds(browser: Browser, graph: str, ways: Mapping[str, _Way], rounds: int) -> Iterator[Measured]:
    """The median of each page, opened in turn; what was stopped once is not opened again."""
    seen: dict[str, list[Measured]] = {page: [] for page in ways}
    for _ in range(rounds):
        for page, way in ways.items():
            if not any(one.cut for one in seen[page]):
                seen[page].append(_open(browser, graph, page, way))
    for page, several in seen.items():
        cut = next((one for one in several if one.cut), None)
        seconds = statistics.median(one.seconds for one in several)
        yield cut or Measured(graph, page, seconds, statistics.median(one.heap for one in several))


def at(url: str, quick: bool = False) -> list[Measured]:
    """Every page of every graph, beside a running server; `quick` opens those of the release once."""
    with urllib.request.urlopen(f"{url}/explore/whole.json") as answer:
        release: dict[str, Any] = json.loads(answer.read())
    graphs = {RELEASE: release}
    if not quick:
        graphs |= {MIDDLE: synthetic(10_000, 40_000, release), LARGE: synthetic(50_000, 200_000, release)}
    results = []
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium(), args=[*AS_SEEN, "--no-sandbox"])
        stopped: set[str] = set()
        for name, data in graphs.items():
            # a page that was stopped at a smaller graph is not opened again with a larger one
            ways = {page: way for page, way in _ways(url, name, data, Path(folder)).items() if page not in stopped}
            if name == RELEASE:
                for page in (OURS, FIXED):
                    _open(browser, name, page, ways[page])
            for one in _rounds(browser, name, ways, 1 if quick or name == LARGE else ROUNDS):
                results.append(one)
                if one.cut and name != RELEASE:
                    stopped.add(one.page)
                print(f"  {one}", flush=True)
        browser.close()
    return results


def measure(release: Path, quick: bool = False) -> list[Measured]:
    """The same, with a server of its own."""
    print("explorer", flush=True)
    with peers.palermo(release) as peer:
        return at(peer.url, quick)


def section(results: Sequence[Measured]) -> str:
    """What docs/performance.md says of it."""
    lines = [
        "## The explorer beside pyvis",
        "",
        "From navigation to the first readable drawing, and the JavaScript heap after a collection, in the same "
        "headless Chromium, whose graphics card the processor plays (SwiftShader: all is drawn and composed as where "
        f"there is one); the median of {ROUNDS} openings (one, of the largest graph), each with an empty cache. "
        f"A page that drew nothing within {LIMIT:.0f} s was stopped for good.",
        "",
        "| graph | page | first drawing, s | heap, MiB | times Palermo's time | times its heap |",
        "|---|---|---|---|---|---|",
    ]
    ours = {one.graph: one for one in results if one.page == OURS}
    for one in results:
        mine = ours[one.graph]
        more = f"over {one.seconds / mine.seconds:.0f}" if one.cut else f"{one.seconds / mine.seconds:.1f}"
        seconds = f"stopped at {one.seconds:.0f}" if one.cut else f"{one.seconds:.2f}"
        heap, heaps = ("", "") if one.cut else (f"{one.heap:.0f}", f"{one.heap / mine.heap:.1f}")
        lines.append(f"| {one.graph} | {one.page} | {seconds} | {heap} | {more} | {heaps} |")
    by = {one.page: one for one in results if one.graph == MIDDLE}
    if by and not by[OURS].cut:
        mine = by[OURS]
        wanted = (
            ("first drawing, of pyvis with default settings", 10.0, by[DEFAULT].seconds / mine.seconds),
            ("first drawing, of pyvis with positions given", 3.0, by[FIXED].seconds / mine.seconds),
            ("heap, of pyvis with positions given", 2.0, by[FIXED].heap / mine.heap),
        )
        lines += ["", f"At {MIDDLE}:", "", "| target | at least | measured | met |", "|---|---|---|---|"]
        for text, least, value in wanted:
            if value:  # a page that was stopped has no heap to compare
                met = "yes" if value >= least else "no"
                lines.append(f"| {text} | {least:.0f} times less | {value:.1f} times less | {met} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--url", default="http://127.0.0.1:8000", help="a running palermo serve")
    options.add_argument("--quick", action="store_true", help="the release alone, each page once")
    chosen = options.parse_args()
    print(section(at(chosen.url, chosen.quick)))


if __name__ == "__main__":
    main()
