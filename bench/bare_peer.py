"""The ceiling: the smallest FastAPI handler under the same uvicorn, which sends bytes that are there already.

python -m bench.bare_peer DIRECTORY PORT        answers /0, /1 … with the files of those names, and /hello
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response


def main() -> None:
    """Read the files and serve them."""
    found = {path.name: path.read_bytes() for path in Path(sys.argv[1]).iterdir()}
    app = FastAPI()

    @app.get("/hello")
    async def hello() -> dict[str, str]:
        return {"hello": "world"}

    @app.get("/{name}")
    async def answer(name: str) -> Response:
        return Response(found[name], media_type="text/turtle")

    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")


if __name__ == "__main__":
    main()
