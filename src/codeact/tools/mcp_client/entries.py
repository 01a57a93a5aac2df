"""What an ``mcpServers`` file says: which servers there are, how each is started or reached, and what is taken of it.

Invariant: an `Entry` is complete and checked; everything wrong with the file is an `InputError` that names the server and the key, and
holds no value that may be a secret. It does not: start anything, or know which tools a server has.
"""

import difflib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from codeact.errors import InputError
from codeact.tools.mcp_client.hiding import Secrets
from codeact.tools.mcp_client.names import identifier
from codeact.tools.outgoing import short

_FORM = '{"mcpServers": {"name": {"command": "...", "args": [...], "env": {...}}}}, or "url" in place of "command"'
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}", re.ASCII)
_MAY_BE_SECRET = {"env", "headers", "args", "url", "command"}
_TAKEN = frozenset({"search", "ToolError"})
"""What `tools` itself has in a session."""


class _Keys(BaseModel):
    """The keys of one server, as they are written."""

    model_config = ConfigDict(strict=True, extra="allow")

    command: Annotated[str, Field(min_length=1)] | None = None
    args: list[str] = []
    env: dict[str, str] = {}
    cwd: str | None = None
    url: str | None = None
    headers: dict[str, str] = {}
    type: Literal["stdio", "http", "streamable-http", "streamable_http", "streamableHttp", "sse"] | None = None
    disabled: bool = False
    timeout: Annotated[float, Field(gt=0)] | None = None
    calls: Annotated[int, Field(ge=1)] | None = None
    tools: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One server.

    Args:
        name: as it is written.
        module: where its tools are imported from below `tools`.
        command, args, env, cwd: of a server that is started here; no command: it is reached at `url`.
        url, headers, sse: of a server elsewhere; whether it speaks the older transport.
        timeout: seconds of one call, None: as long as the action may take.
        calls: most calls of each tool in a run, None: any number.
        tools: names of those that are taken, None: all.
        secrets: takes the values that nobody may see out of texts.
    """

    name: str
    module: str
    command: str
    args: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path | None
    url: str
    headers: Mapping[str, str]
    sse: bool
    timeout: float | None
    calls: int | None
    tools: tuple[str, ...] | None
    secrets: Secrets

    @property
    def address(self) -> str:
        """Where it is, without what may be secret in it: the command, or the URL up to its path."""
        if self.command:
            return Path(self.command).name
        parts = urlsplit(self.url)
        host = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
        return self.secrets.hidden(urlunsplit((parts.scheme, host, parts.path, "", "")))


def read(config: str | Path | Mapping[str, Any], note: Callable[[str], None]) -> list[Entry]:
    """The servers that are not disabled.

    Args:
        config: path of the file, or its content.
        note: told of keys that have no meaning here.

    Raises:
        InputError: it cannot be read, or does not fit.
    """
    source = "the servers" if isinstance(config, Mapping) else f"{str(config)!r}"
    content = config if isinstance(config, Mapping) else _content(Path(config))
    servers = content.get("mcpServers") if isinstance(content, Mapping) else None
    if not isinstance(servers, Mapping):
        raise InputError(f"{source}: there is no object 'mcpServers' in it; write {_FORM}")
    found = [_entry(source, name, keys, note) for name, keys in servers.items()]
    entries = [one for one in found if one is not None]
    homes: dict[str, str] = {}
    for one in entries:
        other = homes.setdefault(one.module, one.name)
        if other != one.name:
            raise InputError(f"{source}: the servers {other!r} and {one.name!r} would both be tools.{one.module}; rename one of them")
    return entries


def _content(path: Path) -> Any:
    try:
        return json.loads(path.expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read ({error.strerror}); give the path of a JSON file: {_FORM}") from None
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}, column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else "not UTF-8 text"
        raise InputError(f"{str(path)!r} is no JSON ({place}); write {_FORM}") from None


def _entry(source: str, name: Any, written: Any, note: Callable[[str], None]) -> Entry | None:
    if not isinstance(name, str) or not name.strip():
        raise InputError(f"{source}: a server has the name {name!r}; give it one of letters and digits")
    title = f"{source}: server {name!r}"
    if not isinstance(written, Mapping):
        raise InputError(f"{title} is {short(written)}; write an object: {_FORM}")
    try:
        keys = _Keys.model_validate(dict(written))
    except ValidationError as error:
        raise _unfit(title, error) from None
    _check_unknown(title, keys, note)
    if keys.disabled:
        return None
    _check_kind(title, keys)
    return _expanded(title, name, keys)


def _unfit(title: str, error: ValidationError) -> InputError:
    fault = error.errors(include_url=False, include_context=False)[0]
    key = ".".join(str(step) for step in fault["loc"])
    secret = fault["loc"][:1] and fault["loc"][0] in _MAY_BE_SECRET
    given = f"a {type(fault['input']).__name__}" if secret else short(fault["input"])
    words = fault["msg"].removeprefix("Input ")
    return InputError(f"{title}, key {key!r}: {words[0].lower()}{words[1:]}, got {given}; mend it there")


def _check_unknown(title: str, keys: _Keys, note: Callable[[str], None]) -> None:
    for key in keys.model_extra or {}:
        near = difflib.get_close_matches(key, _Keys.model_fields, n=1, cutoff=0.75)
        if near:
            raise InputError(f"{title} has the key {key!r}; did you mean {near[0]!r}?")
        note(f"{title}: the key {key!r} has no meaning here and is left out")


def _check_kind(title: str, keys: _Keys) -> None:
    if (keys.command is None) == (keys.url is None):
        both = "has neither" if keys.command is None else "has both"
        raise InputError(f"{title} {both} 'command' and 'url'; give 'command' for one that is started here, 'url' for one elsewhere")
    if keys.type is not None and (keys.type == "stdio") != (keys.command is not None):
        wanted = "'command'" if keys.type == "stdio" else "'url'"
        raise InputError(f"{title} is of type {keys.type!r}, which needs {wanted}; give that, or leave 'type' out")
    stray = [key for key in (("url", "headers") if keys.command else ("args", "env", "cwd")) if getattr(keys, key)]
    if stray:
        raise InputError(f"{title}, key {stray[0]!r}: it has no meaning beside {'command' if keys.command else 'url'!r}; leave it out")


def _expanded(title: str, name: str, keys: _Keys) -> Entry:
    found: list[str] = []

    def filled(key: str, text: str) -> str:
        return _VARIABLE.sub(lambda match: _value(title, key, match, found), text)

    env = {key: filled(f"env.{key}", value) for key, value in keys.env.items()}
    headers = {key: filled(f"headers.{key}", value) for key, value in keys.headers.items()}
    url = filled("url", keys.url or "")
    cwd = Path(filled("cwd", keys.cwd)).expanduser() if keys.cwd else None
    if cwd is not None and not cwd.is_dir():
        raise InputError(f"{title}, key 'cwd': there is no folder {str(cwd)!r}; make it, or name another")
    if any("\0" in text for text in (*env, *env.values(), *headers.values())) or any("=" in key or not key for key in env):
        raise InputError(f"{title}: a name or value in 'env' or 'headers' holds what it cannot; take NUL, and '=' in names, out of it")
    if keys.url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise InputError(f"{title}, key 'url': it is no address; write it as http://HOST:PORT/mcp")
    return Entry(
        name=name,
        module=identifier(name, taken=_TAKEN),
        command=filled("command", keys.command or ""),
        args=tuple(filled(f"args.{number}", text) for number, text in enumerate(keys.args)),
        env=env,
        cwd=cwd,
        url=url,
        headers=headers,
        sse=keys.type == "sse",
        timeout=keys.timeout,
        calls=keys.calls,
        tools=None if keys.tools is None else tuple(keys.tools),
        secrets=Secrets([*env.values(), *headers.values(), *found, *_in_url(url)]),
    )


def _value(title: str, key: str, match: re.Match[str], found: list[str]) -> str:
    name, default = match.groups()
    value = os.environ.get(name, default)
    if value is None:
        raise InputError(f"{title}, key {key!r}: the environment has no variable {name!r}; set it, or write ${{{name}:-DEFAULT}}")
    found.append(value)
    return value


def _in_url(url: str) -> list[str]:
    parts = urlsplit(url)
    pairs = [value for pair in parts.query.split("&") if (value := pair.partition("=")[2])]
    return [*pairs, parts.password or "", parts.username or ""]
