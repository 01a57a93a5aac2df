"""Keys by which somebody may ask a server: made, shown once, checked, listed and revoked.

Invariant: a key's secret leaves `make` and is nowhere else: the database has its SHA-256, which needs no salt and no slow hash, since the
secret is 256 random bits. It does not: decide what a scope allows, or count what a key uses.
"""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, insert, or_, select, update

from codeact import errors
from codeact.store.database import Database
from codeact.store.schema import KEYS

SCOPES = ("read", "run", "session", "admin")
"""What a key can allow."""

_ID = re.compile(r"[0-9a-f]{8}")
_TEXT = re.compile(r"cak_([0-9a-f]{8})_([A-Za-z0-9_-]{1,200})")
_USED_SECONDS = 60.0
_MOST_COUNT, _MOST_TOKENS = 2**31 - 1, 2**63 - 1
_NOBODY = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


@dataclass(frozen=True, slots=True)
class Key:
    """A key, without its secret.

    Args:
        id: what it is called; its text begins with `cak_` and this.
        name: for people.
        scopes: some of `SCOPES`.
        created, revoked, last_used: in seconds since 1970; None: never. The last is right to a minute.
        most_sessions, most_runs: that it may have open at once; None: any number.
        most_tokens: that its runs may use in 24 hours; None: any number.
    """

    id: str
    name: str
    scopes: frozenset[str]
    created: float
    revoked: float | None = None
    last_used: float | None = None
    most_sessions: int | None = None
    most_runs: int | None = None
    most_tokens: int | None = None


class Keys:
    """The keys of a database.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self,
        name: str,
        scopes: Iterable[str],
        *,
        most_sessions: int | None = None,
        most_runs: int | None = None,
        most_tokens: int | None = None,
    ) -> tuple[Key, str]:
        """Make a key; returns it and its text, which can never be had again.

        Args:
            name, scopes, most_sessions, most_runs, most_tokens: see `Key`.

        Raises:
            InputError: one of them does not fit.
        """
        chosen = _checked(name, frozenset(scopes))
        _check_most(("sessions", most_sessions, _MOST_COUNT), ("runs", most_runs, _MOST_COUNT), ("tokens", most_tokens, _MOST_TOKENS))
        key = Key(
            secrets.token_hex(4), name, chosen, time.time(), most_sessions=most_sessions, most_runs=most_runs, most_tokens=most_tokens
        )
        secret = secrets.token_urlsafe(32)
        row = {
            "id": key.id,
            "name": name,
            "digest": _digest(secret),
            "scopes": " ".join(scope for scope in SCOPES if scope in chosen),
            "created": key.created,
            "most_sessions": most_sessions,
            "most_runs": most_runs,
            "most_tokens": most_tokens,
        }
        async with self._database.writing() as connection:
            await connection.execute(insert(KEYS).values(row))
        return key, f"cak_{key.id}_{secret}"

    async def check(self, text: str) -> Key | None:
        """The key with this text; None if there is none, or it was revoked. How long that takes says nothing of the secret."""
        match = _TEXT.fullmatch(text)
        key_id, secret = match.groups() if match else ("", "")
        async with self._database.reading() as connection:
            row = (await connection.execute(select(KEYS).where(KEYS.c.id == key_id))).one_or_none()
        right = hmac.compare_digest(row.digest if row is not None else _NOBODY, _digest(secret))
        if row is None or not right or row.revoked is not None:
            return None
        await self._use(row)
        return _key(row)

    async def all(self) -> list[Key]:
        """All keys, also revoked ones, the oldest first."""
        async with self._database.reading() as connection:
            return [_key(row) for row in await connection.execute(select(KEYS).order_by(KEYS.c.created, KEYS.c.id))]

    async def revoke(self, key_id: str) -> None:
        """Let a key be good for nothing from now on; one that was revoked stays so.

        Raises:
            StoreError: there is no such key.
        """
        revoked = update(KEYS).where(KEYS.c.id == key_id).values(revoked=func.coalesce(KEYS.c.revoked, time.time()))
        if not _ID.fullmatch(key_id):  # not quoted: it may be a whole key
            raise errors.StoreError("there is no key of this id, which has 8 hexadecimal digits; list them with: codeact keys list")
        async with self._database.writing() as connection:
            if not (await connection.execute(revoked)).rowcount:
                raise errors.StoreError(f"there is no key {key_id!r} in {self._database.shown}; list them with: codeact keys list")

    async def any(self) -> bool:
        """Whether there is one that is not revoked."""
        async with self._database.reading() as connection:
            return (await connection.execute(select(KEYS.c.id).where(KEYS.c.revoked.is_(None)).limit(1))).first() is not None

    async def _use(self, row: Row[Any]) -> None:
        """Note that a key was used, at most once a minute."""
        now = time.time()
        late = or_(KEYS.c.last_used.is_(None), KEYS.c.last_used < now - _USED_SECONDS)
        if row.last_used is not None and row.last_used >= now - _USED_SECONDS:
            return
        async with self._database.writing() as connection:
            await connection.execute(update(KEYS).where(KEYS.c.id == row.id, late).values(last_used=now))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Row[Any]) -> Key:
    most = {name: getattr(row, name) for name in ("most_sessions", "most_runs", "most_tokens")}
    return Key(row.id, row.name, frozenset(row.scopes.split()), row.created, row.revoked, row.last_used, **most)


def _checked(name: str, scopes: frozenset[str]) -> frozenset[str]:
    if not name.strip() or not name.isprintable():
        raise errors.InputError(f"the name of a key is one line of text, not {name!r}: say whose it is")
    unknown = sorted(scopes - set(SCOPES))
    if unknown or not scopes:
        raise errors.InputError(f"{', '.join(map(repr, unknown)) or 'nothing'} is no scope of a key; known are: {', '.join(SCOPES)}")
    return scopes


def _check_most(*bounds: tuple[str, int | None, int]) -> None:
    for what, bound, most in bounds:
        if bound is not None and not 0 <= bound <= most:
            raise errors.InputError(f"{bound} is no bound on the {what} of a key: give a number from 0 to {most}, or none")
