"""First render and heap of the explorer against pyvis pages of the same data, in the same headless browser and run.

`python -m bench.explorer [--url http://127.0.0.1:8000] [--large]` needs a running `palermo serve`. The graphs: the
whole release, and a synthetic one of 10,000 nodes and 40,000 edges (seeded, preferential attachment); `--large` adds
one of 50,000 and 200,000, which pyvis pages are not tried with. Each page is opened in a fresh browser context.

First render is the time from navigation until the drawing has been painted: for the explorer its whole page with its
table and the frame after; for pyvis vis-network's first `afterDrawing` where positions are given, and `stabilized` by
default, since nothing readable is drawn before that. A page that is not there within LIMIT counts as LIMIT: a lower
bound.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright
from pyvis.network import Network

from tests.e2e.conftest import FLAGS, chromium

#: Longest wait for one page (seconds).
LIMIT: Final = 120.0
MIB: Final = 1 << 20


@dataclass(frozen=True)
class Measured:
    """One page: seconds to first render, MiB of JavaScript heap after a collection, whether it was cut at LIMIT."""

    name: str
    seconds: float
    heap: float
    cut: bool = False

    def __str__(self) -> str:
        return f"{self.name:44} {'>' if self.cut else ' '}{self.seconds:8.2f} s {self.heap:9.1f} MiB"


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
    for at, local in enumerate(nodes["id"]):
        where = {"x": nodes["x"][at], "y": nodes["y"][at], "physics": False} if fixed else {}
        made.add_node(local, label=nodes["en"][at], **where)
    # one line per connection, as the explorer draws it
    ends = zip(edges["a"], edges["b"], edges["leads"], strict=True)
    made.add_edges([(nodes["id"][a], nodes["id"][b]) for a, b, leads in ends if leads])
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


def _measure(browser: Browser, name: str, open_: Callable[[Page], None], done: str) -> Measured:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(LIMIT * 1000)
    page = context.new_page()
    started = time.perf_counter()
    try:
        open_(page)
        left = max(1.0, LIMIT - (time.perf_counter() - started))
        page.wait_for_selector(done, state="attached", timeout=left * 1000)
        measured = Measured(name, time.perf_counter() - started, _heap(page))
    except Exception as error:
        if "Timeout" not in str(error):
            raise
        measured = Measured(name, LIMIT, 0.0, cut=True)
    context.close()
    return measured


def run(url: str, large: bool) -> list[Measured]:
    """Every page, one after the other."""
    with urllib.request.urlopen(f"{url}/explore/whole.json") as answer:
        release: dict[str, Any] = json.loads(answer.read())
    graphs = {"release": release, "10,000 nodes, 40,000 edges": synthetic(10_000, 40_000, release)}
    if large:
        graphs["50,000 nodes, 200,000 edges"] = synthetic(50_000, 200_000, release)
    results = []
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        for name, data in graphs.items():
            body = json.dumps(data, separators=(",", ":"))

            def explorer(page: Page, body: str = body) -> None:
                page.route(
                    "**/explore/whole.json", lambda route: route.fulfill(body=body, content_type="application/json")
                )
                page.goto(f"{url}/explore?show=whole", wait_until="commit")

            ready = "#explorer[data-ready]"
            results.append(_measure(browser, f"explorer, {name}", explorer, ready))
            print(results[-1], flush=True)
            for fixed in (True, False) if len(data["nodes"]["id"]) <= 10_000 else ():
                path = Path(folder) / "pyvis.html"
                path.write_text(pyvis_page(data, fixed), encoding="utf-8")

                def pyvis(page: Page, path: Path = path) -> None:
                    page.route(
                        "**/*",
                        lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort(),
                    )
                    page.goto(path.as_uri(), wait_until="commit")

                how = "fixed positions" if fixed else "default settings"
                results.append(_measure(browser, f"pyvis {how}, {name}", pyvis, "body[data-rendered]"))
                print(results[-1], flush=True)
        browser.close()
    return results


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--url", default="http://127.0.0.1:8000", help="a running palermo serve")
    options.add_argument("--large", action="store_true", help="also 50,000 nodes and 200,000 edges")
    chosen = options.parse_args()
    run(chosen.url, chosen.large)


if __name__ == "__main__":
    main()
