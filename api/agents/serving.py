"""What agents can call and read, and how the server behind it is made."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Final, Literal, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from api.agents.answers import AnswerError, Answers
from api.agents.asking import MOST_ROWS, ROWS, sparql
from api.agents.schema import queries, schema
from api.errors import Problem
from api.sandbox.forward import Forwarder
from api.sandbox.service import Sandbox
from api.settings import Settings
from graph.read.library import UnknownQueryError, load
from graph.read.release import Release

INSTRUCTIONS: Final = """\
Palermo is a sourced knowledge graph of who acts against human trafficking: states, international and national bodies,
associations, treaties and laws, who monitors, funds and works with whom, since when, and figures about victims.
Every answer names its sources: cite them (title, publisher, date, address) when you use what it says. What an answer
marks as inferred rests on the statements that it names. A date that no source states is unknown, not absent. Figures
of different publishers count different things: never add or average them, and say so when they disagree (the tool
statistics lists the conflicts). Begin with search to learn identifiers; read palermo://schema before you write SPARQL,
and palermo://queries for examples that work."""

_R = TypeVar("_R")
_READS: Final = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

Lang = Annotated[Literal["en", "fr"], Field(description="Language of names and sentences.")]
Entity = Annotated[
    str, Field(description="Local id (fra), IRI, ISO 3166-1 code, Wikidata number, or exact name.", max_length=300)
]
AsOf = Annotated[str, Field(description="A day YYYY-MM-DD; empty for any time.", max_length=10)]
Family = Literal["treaty", "monitoring", "cooperation", "funding", "structure", "mandate"]
Families = Annotated[list[Family], Field(description="Only these families of relations; empty for all.")]


@dataclass(frozen=True)
class Backing:
    """What answers are made from; looked up at each call, since a server is described before its release is loaded.

    `seen` is told of every call: name of the tool and whether it was answered.
    """

    settings: Settings
    release: Callable[[], Release]
    sandbox: Callable[[], Sandbox | Forwarder]
    base: str
    seen: Callable[[str, str], None] = lambda tool, outcome: None


def make(backing: Backing, version: str) -> MCPServer[Any]:
    """The server with its tools and resources; it starts and loads nothing."""
    # The package sets up the root logger for whoever makes a server; ours is set up already, or is somebody else's.
    before = logging.root.handlers[:]
    server: MCPServer[Any] = MCPServer(
        "palermo",
        title="Palermo",
        description="Who acts against human trafficking, bound by what, and who says so",
        instructions=INSTRUCTIONS,
        version=version,
        log_level="WARNING",
        subscriptions=False,
    )
    logging.root.handlers[:] = before
    for tool in (*_tools(backing), _sparql(backing)):
        server.add_tool(_guarded(tool, backing.seen), annotations=_READS)
    _resources(server, backing)
    return server


def _guarded(tool: Callable[..., Any], seen: Callable[[str, str], None]) -> Callable[..., Any]:
    """The tool with what it refuses told to the model in one sentence, and every call counted."""

    def told(error: Exception) -> ToolError:
        seen(tool.__name__, "refused")
        if isinstance(error, Problem):
            return ToolError(f"{error.title}: {error.detail} {error.members.get('hint', '')}".strip())
        return ToolError(str(error))

    if inspect.iscoroutinefunction(tool):

        @wraps(tool)
        async def waited(*args: Any, **given: Any) -> Any:
            try:
                found = await tool(*args, **given)
            except (AnswerError, Problem) as error:
                raise told(error) from None
            seen(tool.__name__, "answered")
            return found

        return waited

    @wraps(tool)
    def called(*args: Any, **given: Any) -> Any:
        try:
            found = tool(*args, **given)
        except (AnswerError, Problem) as error:
            raise told(error) from None
        seen(tool.__name__, "answered")
        return found

    return called


def _tools(backing: Backing) -> list[Callable[..., dict[str, Any]]]:
    def answers() -> Answers:
        return Answers(backing.release())

    def search(
        query: Annotated[
            str, Field(description="A name or part of one, in English or French, or an abbreviation.", max_length=300)
        ],
        kinds: Annotated[
            list[str], Field(description="Only these classes, such as State, Treaty, UNBody, Project.")
        ] = [],  # noqa: B006 - read only
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        lang: Lang = "en",
    ) -> dict[str, Any]:
        """Find entities by name; accents, case and typing slips are forgiven. Gives the ids that other tools take."""
        return answers().search(query, kinds, limit, lang)

    def describe(
        id: Annotated[
            str,
            Field(
                description="An entity, a statement (action/…, relation/…), a figure (statistic/…), claim or source.",
                max_length=300,
            ),
        ],
        lang: Lang = "en",
    ) -> dict[str, Any]:
        """All facts about one thing, how many relations of each kind it has, and who says so."""
        return answers().describe(id, lang)

    def relations(
        id: Entity,
        families: Families = [],  # noqa: B006 - read only
        predicate: Annotated[
            str, Field(description="Only this relation, such as funds or memberOf.", max_length=60)
        ] = "",
        as_of: AsOf = "",
        limit: Annotated[int, Field(ge=1, le=200)] = 40,
        offset: Annotated[int, Field(ge=0, le=10_000)] = 0,
        lang: Lang = "en",
    ) -> dict[str, Any]:
        """What an entity is linked to, one sentence each with its dates and sources; `dated` false: day unknown."""
        return answers().relations(id, families, predicate, as_of, limit, offset, lang)

    def paths(
        from_id: Entity,
        to_id: Entity,
        as_of: AsOf = "",
        families: Families = [],  # noqa: B006 - read only
        limit: Annotated[int, Field(ge=1, le=10)] = 5,
        lang: Lang = "en",
    ) -> dict[str, Any]:
        """How two entities are connected: several explanations of different kinds, the most telling first."""
        return answers().paths(from_id, to_id, as_of, families, limit, lang)

    def treaty_status(
        treaty: Entity,
        participant: Annotated[
            str, Field(description="A state or organisation; empty for all of them.", max_length=300)
        ] = "",
        as_of: Annotated[
            str, Field(description="A day YYYY-MM-DD; empty for the day of the newest source.", max_length=10)
        ] = "",
        lang: Lang = "en",
    ) -> dict[str, Any]:
        """Who is bound by a treaty on a day, or every act of one participant and the status it leads to."""
        return answers().treaty_status(treaty, participant, as_of, lang)

    def statistics(
        area: Annotated[str, Field(description="A country or region; empty for all.", max_length=300)] = "",
        indicator: Annotated[
            str, Field(description="A notation such as victims-identified; a wrong one lists them all.", max_length=100)
        ] = "",
        period: Annotated[str, Field(description="A year 2021 or a period 2020-2023.", max_length=9)] = "",
        conflicts_only: Annotated[bool, Field(description="Only figures that another source contradicts.")] = False,
        limit: Annotated[int, Field(ge=1, le=200)] = 50,
        lang: Lang = "en",
    ) -> dict[str, Any]:
        """Figures about victims, cases and convictions as published, and where two answer one question differently."""
        return answers().statistics(area, indicator, period, conflicts_only, limit, lang)

    return [search, describe, relations, paths, treaty_status, statistics]


def _sparql(backing: Backing) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def run(
        query: Annotated[
            str, Field(description="SELECT, ASK, CONSTRUCT or DESCRIBE, with its PREFIX lines.", max_length=100_000)
        ],
        context: Context[Any, Any],
        rows: Annotated[int, Field(ge=1, le=MOST_ROWS, description="The most rows to give.")] = ROWS,
    ) -> dict[str, Any]:
        """Ask the graph in SPARQL 1.1, read-only, with limits of time, memory and rows. Read palermo://schema first."""
        request = context.request_context.request
        host = getattr(getattr(request, "client", None), "host", "") or "agent"
        return await sparql(
            query,
            rows,
            sandbox=backing.sandbox(),
            settings=backing.settings,
            answers=Answers(backing.release()),
            client=host,
            base=backing.base,
        )

    run.__name__ = "sparql"
    return run


def _resources(server: MCPServer[Any], backing: Backing) -> None:
    @server.resource(
        "palermo://schema",
        name="schema",
        title="The schema of the graph",
        description="Prefixes, classes with counts, properties, kinds of edges, closed lists, and how dates are asked.",
        mime_type="text/markdown",
    )
    def the_schema() -> str:
        return schema(backing.release())

    @server.resource(
        "palermo://queries",
        name="queries",
        title="Example queries",
        description="Named queries that work, with the question that each answers.",
        mime_type="text/markdown",
    )
    def the_queries() -> str:
        return queries()

    @server.resource(
        "palermo://queries/{name}",
        name="query",
        title="One example query",
        description="The SPARQL of a named query, with its header.",
        mime_type="application/sparql-query",
    )
    def one_query(name: str) -> str:
        try:
            return load()[name].bind(ids=backing.release().store.ids)
        except UnknownQueryError as error:
            raise ResourceNotFoundError(str(error.args[0])) from None
