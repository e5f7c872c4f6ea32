"""Every setting of the server: name, unit, default, what it does and why the default is what it is.

A setting is read once, in this order: given by the caller (a flag of `palermo serve`), the environment variable
`PALERMO_` + its name in capitals, the default. Nothing else in the program reads the environment. The table in
docs/settings.md is made from this module and a test compares them.
"""

# ruff: noqa: RUF009 - the calls only make dataclass fields
from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Self

PREFIX: Final = "PALERMO_"
MIB: Final = 1 << 20
#: What may follow "mailto:" as it is.
_MAIL: Final = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message says which one and what is allowed."""


def _setting(
    default: Any,
    unit: str,
    about: str,
    reason: str,
    least: float | None = None,
    allowed: tuple[str, ...] = (),
    *,
    secret: bool = False,
) -> Any:
    """A field; a `secret` one is read from the environment alone, and never shown."""
    meta = {"unit": unit, "about": about, "reason": reason, "least": least, "allowed": allowed, "secret": secret}
    return field(default=default, metadata=meta, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """The settings, read once and handed to `create_app`. Build with :meth:`read`; the constructor checks nothing."""

    release: Path = _setting(
        Path("build/release"), "directory", "The release to serve.", "Where `palermo build` puts it."
    )
    indexes: Path = _setting(
        Path("build/indexes"),
        "directory",
        "Where large releases stand on disk, made by `palermo release index` or at the first start.",
        "Beside the release. It can be deleted at any time: it is made again.",
    )
    memory_statements: int = _setting(
        1_000_000,
        "statements",
        "A release with more, source graphs included, is answered from disk; so is one that would take half of the "
        "free memory. 0: always from disk.",
        "Measured in docs/scale.md: from here on a start takes more than six seconds and a gigabyte, and answers come "
        "little sooner for it.",
        0,
    )
    data: tuple[Path, ...] = _setting(
        (), "files, separated by :", "RDF files to serve instead of a release.", "A release is what most people serve."
    )
    store: str = _setting(
        "",
        "URL",
        "A SPARQL engine that holds the release and is asked instead of a store in memory.",
        "Empty: a release of this size answers fastest from memory. See docs/engines.md.",
    )
    store_user: str = _setting(
        "", "name", "Who asks the engine.", "Empty: engines for the public ask for nobody.", secret=True
    )
    store_password: str = _setting(
        "", "text", "That user's password; sent as the engine asks for it, Basic or Digest.", "Empty.", secret=True
    )
    store_token: str = _setting("", "text", "A bearer token, instead of user and password.", "Empty.", secret=True)
    public_url: str = _setting(
        "",
        "URL",
        "The address under which the world knows this server, without a path.",
        "Empty: the address of each request. Set it behind a proxy that changes the host.",
    )
    contact: str = _setting(
        "",
        "mail address",
        "Where readers report errors; /corrections makes a mail to it that holds the statement's address.",
        "Empty: the page says that none is named and shows the report to be copied.",
    )
    issues: str = _setting(
        "",
        "URL",
        "The page of a new issue (GitHub, GitLab, Forgejo); /corrections fills in its title and text.",
        "Empty: as for the mail address. Both may be given.",
    )
    trusted_proxies: str = _setting(
        "",
        "addresses or networks, separated by ,",
        "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
        "None: a client could otherwise call itself anybody and take more than its share.",
    )
    services: tuple[str, ...] = _setting(
        (),
        "IRIs, separated by a space",
        "Services that a query may name in SERVICE.",
        "None: a query could otherwise make this server fetch from any address it can reach.",
    )
    releases: str = _setting(
        "",
        "directory",
        "Past releases, one directory each as `palermo release publish` makes them, served below /release.",
        "Empty: most servers serve one release.",
    )
    curate: str = _setting(
        "",
        "file",
        "A file of proposals to decide on at /curate. Only on a loopback address.",
        "Empty: off. Who can reach the page can decide.",
    )
    facts: str = _setting(
        "", "directory", "The fact tables beside which decisions are logged.", "Empty: the packaged tables."
    )
    curator: str = _setting("", "name", "Who decides, for the log of decisions.", "Empty: each decision must say it.")
    signing_key: str = _setting(
        "",
        "file",
        "The private key (Ed25519, PEM) with which `palermo release publish` signs.",
        "Empty: a release is published without a signature only when told so.",
    )
    release_key: str = _setting(
        "",
        "file",
        "The public key (Ed25519, PEM) against which `palermo release verify` holds the signature.",
        "Empty: sums alone are verified, and it is said.",
    )
    time_limit: float = _setting(
        30.0,
        "seconds",
        "How long a query may run; `timeout=` in a request can only lower it.",
        "Whole-graph aggregates take well under a second; what runs for 30 is not going to be waited for.",
        0.05,
    )
    quick_budget: float = _setting(
        0.25,
        "seconds",
        "How long a query may stay in the quick lane.",
        "An entity, a count or a page of a list answers in a tenth of it; the longer it is, the longer others wait.",
        0.01,
    )
    quick_workers: int = _setting(
        3,
        "processes",
        "Queries that run at once in the quick lane; one place is kept for queries known to be quick.",
        "Two for strangers' first tries, one that no unknown query can take.",
        2,
    )
    slow_workers: int = _setting(
        2,
        "processes",
        "Queries that run at once in the slow lane.",
        "They run at low priority, so two leave two cores to the quick lane and use what it leaves.",
        1,
    )
    slow_nice: int = _setting(
        15,
        "nice value",
        "Scheduling priority of the slow lane; 0 is normal, 19 the lowest.",
        "At 15 a quick query gets some thirty times the processor time of a slow one beside it.",
        0,
    )
    queue_limit: int = _setting(
        32,
        "queries",
        "Queries that may wait for the slow lane; the next one is answered 503.",
        "With two places and 30 s each, more would wait longer than any client does.",
        1,
    )
    queue_share: int = _setting(
        8,
        "queries",
        "Queries of one client address that may wait for the slow lane.",
        "A quarter of the queue: one client cannot fill it alone.",
        1,
    )
    queue_wait: float = _setting(
        60.0, "seconds", "How long a query may wait for a place.", "Browsers and proxies give up after a minute.", 0.1
    )
    memory_limit: int = _setting(
        256 * MIB,
        "bytes",
        "Memory a query may use beyond the release itself.",
        "Sorting the whole release takes 40 MiB; six workers at the limit stay under 2 GiB.",
        32 * MIB,
    )
    row_limit: int = _setting(
        100_000,
        "rows or triples",
        "Rows of an answer; a longer one is cut there and says so.",
        "More than any class of the graph has; for everything there are the dumps.",
        1,
    )
    byte_limit: int = _setting(
        64 * MIB, "bytes", "Size of an answer before compression.", "100,000 rows of six columns in JSON.", 1024
    )
    spool_limit: int = _setting(
        256 * MIB,
        "bytes",
        "Finished answers that may wait for slow readers, all together.",
        "Four of the largest, or thousands of ordinary ones.",
        MIB,
    )
    send_limit: float = _setting(
        120.0, "seconds", "How long a client may take to fetch one answer.", "64 MiB at 5 Mbit/s.", 1.0
    )
    query_limit: int = _setting(
        256 * 1024,
        "bytes",
        "Size of a request body, and so of a query.",
        "The longest query written by hand has 10 kB; lists in VALUES get long.",
        1024,
    )
    url_limit: int = _setting(
        32 * 1024,
        "bytes",
        "Length of a request URL; a longer one is answered 414.",
        "The HTTP parser cuts silently at 65,536; longer queries go by POST.",
        512,
    )
    depth_limit: int = _setting(
        200,
        "levels",
        "How deep a query's brackets may nest.",
        "The engine's parser runs out of stack between 1,000 and 3,000 levels; nobody writes 50.",
        10,
    )
    verdict_limit: int = _setting(
        10_000,
        "queries",
        "Queries whose verdict (out of time, out of memory) is remembered.",
        "About 2 MB; the longest unused is forgotten first.",
        1,
    )
    page_rows: int = _setting(
        500,
        "rows",
        "Rows of an answer that the HTML page shows; the page says so and links the whole.",
        "What a browser draws at once.",
        1,
    )
    shares: Path = _setting(
        Path("build/shares"),
        "directory",
        "Where queries and views that people share by a short address are kept.",
        "Beside the release. Name a place that outlives an update, and keep a copy: published links lead here.",
    )
    share_limit: int = _setting(
        16 * 1024,
        "bytes",
        "Size of one share.",
        "Ten times a long query, and a view with every pin in it.",
        256,
    )
    share_count: int = _setting(
        20_000,
        "shares",
        "Shares that are kept; then new ones are refused and old ones go on working. 0 turns sharing off.",
        "At most 320 MB at the largest size; people's own have some hundred bytes.",
        0,
    )
    share_rate: int = _setting(
        60,
        "shares an hour",
        "New shares of one client address.",
        "One a minute; what is shared already counts for nothing.",
        1,
    )
    stop_limit: int = _setting(
        5,
        "seconds",
        "How long running requests may take to finish once the server is told to stop.",
        "Pages and quick queries finish well within it; a longer query is answered 503 and can be asked again.",
        1,
    )
    metrics: str = _setting(
        "on",
        "on or off",
        "Whether /metrics is answered.",
        "It holds numbers and route names, nothing of what anybody asked. A proxy can keep it inside.",
        allowed=("on", "off"),
    )
    log_format: str = _setting(
        "text",
        "text, json or none",
        "How requests are logged on standard error; none leaves warnings and errors.",
        "Read by people until a program collects them.",
        allowed=("text", "json", "none"),
    )
    log_queries: str = _setting(
        "off",
        "on or off",
        "Whether log lines hold what was asked: query strings and up to 8 KiB of bodies.",
        "What people ask about trafficking is theirs; turn it on for as long as you look for a fault.",
        allowed=("on", "off"),
    )

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None, **given: Any) -> Self:
        """Read every setting. A `given` value of None counts as not given.

        Raises :class:`SettingError` for a value that cannot be used, and for an unknown `PALERMO_` variable.
        """
        environment = os.environ if environment is None else environment
        known = {PREFIX + one.name.upper(): one for one in fields(cls)}
        stray = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
        if stray:
            raise SettingError(f"{', '.join(stray)}: no such setting; known are {', '.join(sorted(known))}")
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
        values: dict[str, Any] = {}
        for name, one in known.items():
            if given.get(one.name) is not None:
                values[one.name] = _checked(one, given[one.name], one.name)
            elif name in environment:
                values[one.name] = _checked(one, _parsed(one, environment[name], name), name)
        return cls(**values)


def _parsed(one: Field[Any], text: str, name: str) -> Any:
    try:
        if one.name == "data":
            return tuple(Path(part) for part in text.split(os.pathsep) if part)
        if one.name == "services":
            return tuple(text.split())
        kind: type[Any] = type(one.default)
        return kind(text)
    except ValueError:
        raise SettingError(f"{name}={text!r}: {one.metadata['unit']} are needed") from None


def _checked(one: Field[Any], value: Any, name: str) -> Any:
    least, allowed = one.metadata["least"], one.metadata["allowed"]
    if allowed and value not in allowed:
        raise SettingError(f"{name}={value!r}: one of {', '.join(allowed)} is needed")
    if least is not None and value < least:
        raise SettingError(f"{name}={value!r}: at least {least} {one.metadata['unit']}")
    if one.name == "slow_nice" and value > 19:
        raise SettingError(f"{name}={value!r}: at most 19")
    if one.name == "url_limit" and value > 60_000:
        raise SettingError(f"{name}={value!r}: at most 60000, since the HTTP parser cuts at 65,536")
    if one.name == "contact" and value and not _MAIL.fullmatch(value):
        raise SettingError(f"{name}={value!r}: a mail address such as corrections@example.org is needed")
    if one.name in ("public_url", "store", "issues") and value and not value.startswith(("http://", "https://")):
        raise SettingError(f"{name}={value!r}: an http or https address is needed")
    return value.rstrip("/") if one.name == "public_url" else value


@dataclass(frozen=True)
class Row:
    """One line of the table of settings."""

    name: str
    kind: type[Any]
    variable: str
    flag: str
    default: str
    unit: str
    about: str
    reason: str
    secret: bool


def table() -> list[Row]:
    """Every setting, for the documentation and the command line."""
    return [
        Row(
            one.name,
            type(one.default) if not isinstance(one.default, Path) else Path,
            PREFIX + one.name.upper(),
            "--" + one.name.replace("_", "-"),
            _shown(one.default, one.metadata["unit"]),
            one.metadata["unit"],
            one.metadata["about"],
            one.metadata["reason"],
            one.metadata["secret"],
        )
        for one in fields(Settings)
    ]


def _shown(value: Any, unit: str) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    if isinstance(value, int) and value >= MIB and unit == "bytes":
        return f"{value} ({value // MIB} MiB)"
    return str(value) or "none"


def markdown() -> str:
    """The table as Markdown, as it stands in docs/settings.md."""
    lines = ["| variable | flag | default | unit | what it does | why the default |", "|---|---|---|---|---|---|"]
    for row in table():
        about, reason = (text.replace("|", "\\|") for text in (row.about, row.reason))
        lines.append(f"| `{row.variable}` | `{row.flag}` | {row.default} | {row.unit} | {about} | {reason} |")
    return "\n".join(lines) + "\n"


def loopback(host: str) -> bool:
    """Whether an address is one of this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
