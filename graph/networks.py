"""networkx, loaded when something of it is first used: a fifth of a second, and 30 MiB, that a server's start can do
without. A module that uses it writes

    if TYPE_CHECKING:
        import networkx as nx
    else:
        from graph import networks as nx
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Anything of networkx by its name. Raises :class:`AttributeError`."""
    import networkx

    return getattr(networkx, name)
