"""Keys: shown once, checked, noted as used, revoked; their secrets are nowhere else."""

import re
import time

import pytest
from sqlalchemy import select, update

from codeact import errors
from codeact.store.database import open_database
from codeact.store.kept import Store
from codeact.store.keys import SCOPES, Keys
from codeact.store.schema import KEYS


async def test_a_key_is_good_for_what_it_was_made_for(store: Store) -> None:
    key, text = await store.keys.make("Ann's laptop", ["run", "read"], most_sessions=2, most_runs=3, most_tokens=5_000_000_000)
    assert re.fullmatch(rf"cak_{key.id}_[A-Za-z0-9_-]{{43}}", text)
    assert (key.name, key.scopes, key.most_sessions, key.most_runs, key.most_tokens) == (
        "Ann's laptop",
        {"read", "run"},
        2,
        3,
        5_000_000_000,
    )
    assert (key.revoked, key.last_used) == (None, None)
    found = await store.keys.check(text)
    assert found == key
    assert await store.keys.any()


async def test_what_is_no_key_is_good_for_nothing(store: Store) -> None:
    key, text = await store.keys.make("a", SCOPES)
    other, _ = await store.keys.make("b", SCOPES)
    secret = text.rpartition(f"{key.id}_")[2]
    for wrong in (
        "",
        "cak_",
        text[:-1],
        f"{text}x",
        f"cak_{other.id}_{secret}",
        f"cak_00000000_{secret}",
        f"{text}\0",
        "\ud800",
        text.upper(),
    ):
        assert await store.keys.check(wrong) is None
    assert [one.last_used for one in await store.keys.all()] == [None, None]


async def test_a_revoked_key_is_good_for_nothing_from_then_on(store: Store) -> None:
    key, text = await store.keys.make("a", ["read"])
    before = time.time()
    await store.keys.revoke(key.id)
    assert await store.keys.check(text) is None
    assert not await store.keys.any()
    (listed,) = await store.keys.all()
    assert listed.revoked is not None and before <= listed.revoked <= time.time()
    await store.keys.revoke(key.id)
    assert await store.keys.all() == [listed]
    for unknown in ("00000000", "", "a\0"):
        with pytest.raises(errors.StoreError, match="there is no key"):
            await store.keys.revoke(unknown)


async def test_the_last_use_is_noted_at_most_once_a_minute(address: str) -> None:
    database = await open_database(address)
    keys = Keys(database)
    _, text = await keys.make("a", ["read"])

    async def used() -> float | None:
        return (await keys.all())[0].last_used

    before = time.time()
    await keys.check(text)
    first = await used()
    assert first is not None and before <= first <= time.time()
    await keys.check(text)
    assert await used() == first
    async with database.writing() as connection:
        await connection.execute(update(KEYS).values(last_used=first - 61))
    await keys.check(text)
    second = await used()
    assert second is not None and second >= first
    await database.aclose()


@pytest.mark.parametrize(
    ("name", "scopes", "bounds", "said"),
    [
        ("a", ["write"], {}, "'write' is no scope of a key; known are: read, run, session, admin"),
        ("a", [], {}, "nothing is no scope of a key"),
        (" ", ["read"], {}, "the name of a key is one line of text, not ' '"),
        ("a\nb", ["read"], {}, "is one line of text"),
        ("a", ["read"], {"most_runs": -1}, "-1 is no bound on the runs of a key"),
        ("a", ["read"], {"most_sessions": 2**31}, "2147483648 is no bound on the sessions of a key"),
    ],
)
async def test_a_key_that_cannot_be_is_refused(store: Store, name: str, scopes: list[str], bounds: dict[str, int], said: str) -> None:
    with pytest.raises(errors.InputError, match=said):
        await store.keys.make(name, scopes, **bounds)
    assert await store.keys.all() == []


async def test_a_secret_is_neither_kept_nor_shown(address: str) -> None:
    database = await open_database(address)
    key, text = await Keys(database).make("a", ["read"])
    secret = text.removeprefix(f"cak_{key.id}_")
    async with database.reading() as connection:
        row = (await connection.execute(select(KEYS))).one()
    assert secret not in repr(row) and row.digest not in repr(key) and secret not in repr(key)
    with pytest.raises(errors.StoreError) as caught:
        async with database.writing() as connection:
            await connection.execute(KEYS.insert().values(**row._asdict()))
    assert row.digest not in f"{caught.value}{caught.value.__cause__}"
    await database.aclose()
