"""rdflib-endpoint over a release, as its documentation has one set it up. Runs in an environment of its own:

python rdflib_peer.py rdflib|oxigraph RELEASE PORT
"""

from __future__ import annotations

# mypy: ignore-errors
# The packages that it runs with are not those of this project.
import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def main() -> None:
    """Load the release and serve it."""
    store, release, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if store == "oxigraph":
        data = Dataset(store="Oxigraph")  # the union goes into the default graph, as in Palermo
        data.store._inner.bulk_load(path=f"{release}/dataset.nq")
        data.store._inner.bulk_load(path=f"{release}/merged.nt")
    else:
        data = Dataset(default_union=True)
        data.parse(f"{release}/dataset.nq", format="nquads")
    uvicorn.run(SparqlEndpoint(graph=data, path="/"), host="127.0.0.1", port=port, log_level="warning")


main()
