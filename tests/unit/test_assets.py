"""From names that stay to the front end's hashed files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from viz.assets import DIRECTORY, AssetError, Assets

MANIFEST = {
    "_shared-abc.js": {"file": "assets/shared-abc.js", "css": ["assets/shared-1.css"], "imports": ["_deep-2.js"]},
    "_deep-2.js": {"file": "assets/deep-2.js", "imports": ["_shared-abc.js"]},
    "src/explore/index.ts": {
        "file": "assets/explore-9.js",
        "name": "explore",
        "isEntry": True,
        "imports": ["_shared-abc.js"],
        "css": ["assets/explore-3.css"],
        "dynamicImports": ["src/explore/layout.ts"],
    },
    "src/explore/layout.ts": {"file": "assets/layout-4.js", "name": "layout", "isDynamicEntry": True},
    "src/styles/main.css": {"file": "assets/main-7.css", "name": "main", "isEntry": True},
    "node_modules/f/files/inter.woff2": {"file": "assets/inter-5.woff2"},
}


def written(directory: Path) -> Assets:
    (directory / "manifest.json").write_text(json.dumps(MANIFEST))
    return Assets.read(directory)


def test_names(tmp_path: Path) -> None:
    assets = written(tmp_path)
    assert assets.built
    assert assets.files == {
        "explore.js": "/static/assets/explore-9.js",
        "main.css": "/static/assets/main-7.css",
        "inter.woff2": "/static/assets/inter-5.woff2",
    }
    assert assets.url("main.css") == "/static/assets/main-7.css"


def test_what_a_script_needs(tmp_path: Path) -> None:
    assets = written(tmp_path)
    assert assets.styles("explore.js") == ("/static/assets/explore-3.css", "/static/assets/shared-1.css")
    assert assets.preloads("explore.js") == ("/static/assets/shared-abc.js", "/static/assets/deep-2.js")


def test_an_unknown_name_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"'main\.js'; there are explore\.js, inter\.woff2, main\.css"):
        written(tmp_path).url("main.js")


def test_without_a_build(tmp_path: Path) -> None:
    assets = Assets.read(tmp_path)
    assert not assets.built
    with pytest.raises(AssetError, match="make web"):
        assets.url("main.css")


def test_the_real_build() -> None:
    """`make test` builds the front end first: its entries and their files are there, and nothing is a data: address."""
    assets = Assets.read()
    assert {"main.css", "page.js", "inter-latin-400-normal.woff2"} <= set(assets.files)
    for address in assets.files.values():
        assert (DIRECTORY / address.removeprefix("/static/")).is_file()
    assert "data:" not in (DIRECTORY / assets.url("main.css").removeprefix("/static/")).read_text()
    assert (DIRECTORY / "licences.txt").read_text().count("SIL OPEN FONT LICENSE") == 2
