"""How alike the commitments of France and four other states have been, year by year.

    python docs/figures/alike.py build/release --csv      the numbers
    python docs/figures/alike.py build/release            the figure, as SVG

On 1 January of a year two states are as alike as the share of treaties that bind both among those that bind at least
one of them (Jaccard similarity, 0 to 1).
"""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path

import matplotlib

from graph.read import open_release
from graph.read.measures import similar
from graph.read.network import Filter

STATES = {"deu": "Germany", "ita": "Italy", "gbr": "United Kingdom", "swe": "Sweden"}
YEARS = range(1950, 2026)
DASHES = ("-", "--", ":", "-.")


def main(directory: Path, *, table: bool) -> None:
    """Write the numbers or the figure to standard output."""
    release = open_release(directory)
    found: dict[int, dict[str, float]] = {}
    for year in YEARS:
        by = {one.participant: one for one in similar(release.index, "fra", Filter(as_of=date(year, 1, 1)))}
        found[year] = {state: by[state].similarity for state in STATES if state in by}
    if table:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["year", *STATES.values()])
        for year, row in found.items():
            writer.writerow([year, *(f"{row[state]:.2f}" if state in row else "" for state in STATES)])
        return
    # the same bytes each time: no date of drawing, ids that follow from the content, words as words
    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.hashsalt": "palermo", "svg.fonttype": "none", "font.family": "sans-serif"}
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.8))
    for dash, (state, name) in zip(DASHES, STATES.items(), strict=True):
        years = [year for year in found if state in found[year]]
        axes.plot(years, [found[year][state] for year in years], dash, color="#1a1a1a", label=name, linewidth=1.6)
    axes.set(xlim=(YEARS[0], YEARS[-1]), ylim=(0, 1), ylabel="share of treaties in common")
    axes.set_title("How alike France's commitments are to those of its neighbours", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right")
    source = f"Palermo, release {release.manifest.release}, read from sources up to {release.manifest.date}. CC BY 4.0."
    figure.text(0.02, 0.01, source, fontsize=8, color="#555555")
    figure.subplots_adjust(bottom=0.14, left=0.09, right=0.98)
    figure.savefig(sys.stdout.buffer, format="svg", metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]), table="--csv" in sys.argv[2:])
