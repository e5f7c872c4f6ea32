"""The description of the service for programs that make clients from it (OpenAPI).

FastAPI describes HEAD beside GET and gives both one name, which OpenAPI forbids and which makes generated clients ask
HEAD where GET is meant. HEAD goes without saying (RFC 9110, 9.3.2), so the description has GET alone; and what has no
name of its own is named by its method and address, which no change of the code behind it changes.
"""

from __future__ import annotations

import re
from typing import Any, Final

from fastapi import FastAPI

_METHODS: Final = ("get", "head", "post", "put", "patch", "delete", "options")
#: Names given in the code have hyphens, which those that FastAPI makes up never have.
_OWN: Final = re.compile(r"[a-z]+(-[a-z]+)+")


class Described(FastAPI):
    """An application whose description names every operation once."""

    def openapi(self) -> dict[str, Any]:
        """The description, made when it is first asked for."""
        if self.openapi_schema is None:
            self.openapi_schema = _named(super().openapi())
        return self.openapi_schema


def _named(description: dict[str, Any]) -> dict[str, Any]:
    for address, item in description["paths"].items():
        if "get" in item:
            item.pop("head", None)
        for method in _METHODS:
            if method in item and not _OWN.fullmatch(item[method]["operationId"]):
                words = re.findall(r"[A-Za-z0-9]+", address)
                item[method]["operationId"] = "-".join([method, *words])
    return description
