"""Two hundred tools as servers of tools have them: eight modules, five kinds of things in each, five things to do with each.

Invariant: the same tools at every time, each with a description of several lines and a JSON schema of 3 to 8 parameters. It does not: do
what the tools say.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from codeact.events import ToolSpec
from codeact.protocols import ToolLimits


class Field(NamedTuple):
    """A parameter: its name, type as Python writes it, description, and default as Python writes it (none if it must be given)."""

    name: str
    type: str
    text: str
    default: str = ""


class Thing(NamedTuple):
    """A kind of things: its name, what it is, and what it has besides an identifier."""

    name: str
    text: str
    fields: tuple[Field, ...]


def _text(name: str, text: str) -> Field:
    return Field(name, "str", text)


def _choice(name: str, text: str, *values: str) -> Field:
    return Field(name, f"Literal[{', '.join(map(repr, values))}]", text, repr(values[0]))


def _number(name: str, text: str) -> Field:
    return Field(name, "int", text)


def _texts(name: str, text: str) -> Field:
    return Field(name, "list[str] | None", text, "None")


_WHO = _text("owner", "Account that it belongs to, by its login name.")
_TITLE = _text("title", "Short title, at most 250 characters.")
_BODY = Field("body", "str", "The text, in Markdown.", "''")
_LABELS = _texts("labels", "Names of labels; those that do not exist are made.")
_PLACE = _text("city", "City, in English, with the country's code after a comma if the name is not unique.")
_DAY = _text("date", "Day, as YYYY-MM-DD, in the time zone of the place.")
_MONEY = Field("amount", "float", "Amount in the currency's main unit, two decimals.")
_CURRENCY = _choice("currency", "ISO 4217 code.", "EUR", "USD", "GBP", "JPY")
_STATE = _choice("state", "Where it stands.", "open", "closed", "all")

MODULES: dict[str, tuple[Thing, ...]] = {
    "github": (
        Thing("repository", "a repository of source code", (_WHO, _choice("visibility", "Who sees it.", "public", "private"), _BODY)),
        Thing("issue", "a report of a fault or a wish", (_text("repository", "OWNER/NAME."), _TITLE, _BODY, _LABELS, _STATE)),
        Thing("pull_request", "a change that is proposed", (_text("repository", "OWNER/NAME."), _TITLE, _text("head", "Branch."), _STATE)),
        Thing("release", "a version with its files", (_text("repository", "OWNER/NAME."), _text("tag", "Tag, as v1.2.0."), _BODY)),
        Thing("workflow", "a job of continuous integration", (_text("repository", "OWNER/NAME."), _text("branch", "To run on."), _LABELS)),
    ),
    "calendar": (
        Thing("event", "an appointment", (_TITLE, _DAY, _number("minutes", "How long it takes."), _texts("guests", "Mail addresses."))),
        Thing("calendar", "a calendar of a person or a room", (_WHO, _text("time_zone", "IANA name, as Europe/Paris."), _BODY)),
        Thing("reminder", "a note that comes up at a time", (_TITLE, _DAY, _choice("repeat", "How often.", "never", "daily", "weekly"))),
        Thing("invitation", "what a guest is sent", (_text("event_id", "Of the event."), _text("guest", "Mail address."), _BODY)),
        Thing("room", "a meeting room", (_PLACE, _number("seats", "For how many people."), _texts("equipment", "As projector."))),
    ),
    "mail": (
        Thing("message", "an e-mail", (_texts("to", "Mail addresses."), _TITLE, _BODY, _texts("attachments", "Paths of files."))),
        Thing("draft", "an e-mail that is not sent yet", (_texts("to", "Mail addresses."), _TITLE, _BODY)),
        Thing("folder", "a folder of a mailbox", (_text("parent", "Folder above, / for none."), _TITLE)),
        Thing("filter", "a rule for what arrives", (_text("sender", "Mail address, * for any."), _text("folder", "Where to."), _LABELS)),
        Thing("contact", "an entry of the address book", (_text("name", "In full."), _text("email", "Mail address."), _PLACE, _LABELS)),
    ),
    "files": (
        Thing("file", "a file in the shared storage", (_text("path", "From the root, with /."), _BODY, _choice("encoding", "Of it.", "utf-8", "latin-1"))),
        Thing("folder", "a folder of the shared storage", (_text("path", "From the root, with /."), _LABELS)),
        Thing("share", "a link that others can open", (_text("path", "From the root."), _DAY, _choice("access", "What for.", "read", "write"))),
        Thing("revision", "an earlier state of a file", (_text("path", "From the root."), _number("revision", "Counted from 1."))),
        Thing("comment", "a remark beside a file", (_text("path", "From the root."), _BODY, _number("line", "That it is about."))),
    ),
    "database": (
        Thing("table", "a table of the warehouse", (_text("schema_name", "That it is in."), _texts("columns", "As NAME TYPE."), _BODY)),
        Thing("query", "a query that is kept under a name", (_text("sql", "One SELECT statement."), _number("timeout", "In seconds."), _LABELS)),
        Thing("index", "an index of a table", (_text("table", "SCHEMA.NAME."), _texts("columns", "In order."), _choice("kind", "Of index.", "btree", "hash"))),
        Thing("backup", "a copy of a database", (_text("database", "Its name."), _DAY, _choice("kind", "How much.", "full", "changes"))),
        Thing("role", "a role with rights", (_WHO, _texts("rights", "As SELECT."), _DAY)),
    ),
    "shop": (
        Thing("product", "an article that is sold", (_TITLE, _MONEY, _CURRENCY, _number("stock", "Pieces there are."), _LABELS)),
        Thing("order", "what a customer has bought", (_text("customer_id", "Who bought."), _texts("product_ids", "What."), _STATE, _DAY)),
        Thing("customer", "somebody who buys", (_text("name", "In full."), _text("email", "Mail address."), _PLACE)),
        Thing("discount", "a code that lowers a price", (_text("code", "As the customer writes it."), _number("percent", "Off."), _DAY)),
        Thing("review", "what a customer says of an article", (_text("product_id", "Of what."), _number("stars", "1 to 5."), _BODY)),
    ),
    "travel": (
        Thing("flight", "a flight between two airports", (_text("origin", "IATA code."), _text("destination", "IATA code."), _DAY, _number("seats", "How many."))),
        Thing("hotel", "a hotel room by the night", (_PLACE, _DAY, _number("nights", "How many."), _texts("wishes", "As pool, wifi."))),
        Thing("train", "a seat in a train", (_text("origin", "Station."), _text("destination", "Station."), _DAY)),
        Thing("car", "a car for hire", (_PLACE, _DAY, _number("days", "How many."), _choice("size", "Of the car.", "small", "medium", "large"))),
        Thing("forecast", "the weather of a day", (_PLACE, _DAY, _choice("units", "Of temperature.", "celsius", "fahrenheit"))),
    ),
    "payments": (
        Thing("invoice", "a bill to a customer", (_text("customer_id", "Who pays."), _MONEY, _CURRENCY, _DAY, _STATE)),
        Thing("refund", "money that goes back", (_text("payment_id", "Of which payment."), _MONEY, _CURRENCY, _BODY)),
        Thing("payout", "money that goes to a bank account", (_text("iban", "Of the account."), _MONEY, _CURRENCY, _DAY)),
        Thing("subscription", "a payment that comes again", (_text("customer_id", "Who pays."), _MONEY, _choice("period", "How often.", "month", "year"))),
        Thing("exchange_rate", "what one currency costs in another", (_CURRENCY, _text("target", "ISO 4217 code."), _DAY)),
    ),
}  # fmt: skip
# ruff: noqa: E501 -- one thing a line

_VERBS = {
    "search": ("Find", "by words and by what is known of it. Gives a page of short entries, the newest first; `page` turns it."),
    "get": ("Give", "by its identifier. Gives all of it, and with `include` what belongs to it."),
    "create": ("Make", "and give its identifier. Making the same twice makes two."),
    "update": ("Change", "by its identifier. What is not given stays as it is; the earlier state is kept in its history."),
    "delete": ("Remove", "by its identifier. It can be had back for 30 days, unless `forever` is set."),
}


class Generated:
    """One tool of the catalogue."""

    limits = ToolLimits()

    def __init__(self, module: str, verb: str, thing: Thing) -> None:
        fields = _fields(verb, thing)
        does, more = _VERBS[verb]
        arguments = "\n".join(f"    {field.name}: {field.text}" for field in fields)
        self.spec = ToolSpec(
            name=f"{verb}_{thing.name}",
            signature=f"{verb}_{thing.name}({', '.join(map(_parameter, fields))}) -> {'list[dict]' if verb == 'search' else 'dict'}",
            description=f"{does} {thing.text}.\n\n{does} it {more}\n\nArgs:\n{arguments}",
            parameters=_schema(fields),
            module=module,
        )

    async def acall(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Nothing stands behind it."""
        raise NotImplementedError(f"{self.spec.name} is there to be looked up only")


def tools() -> list[Generated]:
    """All of them."""
    return [Generated(module, verb, thing) for module, things in MODULES.items() for thing in things for verb in _VERBS]


def _fields(verb: str, thing: Thing) -> list[Field]:
    number = _text(f"{thing.name}_id", f"Identifier of the {thing.name.replace('_', ' ')}, as a search gives it.")
    optional = [field._replace(type=f"{field.type.removesuffix(' | None')} | None", default="None") for field in thing.fields]
    match verb:
        case "search":
            turned = [Field("page", "int", "Page, counted from 1.", "1"), Field("per_page", "int", "Entries of a page, at most 100.", "20")]
            return [_text("query", "Words to look for; quotes keep them together."), *optional, *turned]
        case "get":
            return [number, _texts("include", "Parts to give with it."), Field("at", "str | None", "Moment in the past, ISO 8601.", "None")]
        case "create":
            given = sorted(thing.fields, key=lambda field: bool(field.default))
            return [*given, Field("dry_run", "bool", "Check only, and make nothing.", "False")]
        case "update":
            return [number, *optional, Field("comment", "str", "Why, for the history.", "''")]
        case _:
            return [number, _text("reason", "Why, for the history."), Field("forever", "bool", "Keep no copy.", "False")]


def _parameter(field: Field) -> str:
    return f"{field.name}: {field.type}{f' = {field.default}' if field.default else ''}"


def _schema(fields: Sequence[Field]) -> dict[str, Any]:
    properties = {field.name: {**_type(field.type), "description": field.text} for field in fields}
    needed = [field.name for field in fields if not field.default]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _type(written: str) -> dict[str, Any]:
    plain = written.removesuffix(" | None")
    if plain != written:
        return {"anyOf": [_type(plain), {"type": "null"}]}
    if plain.startswith("Literal["):
        return {"type": "string", "enum": [value.strip("' ") for value in plain.removeprefix("Literal[").removesuffix("]").split(",")]}
    if plain == "list[str]":
        return {"type": "array", "items": {"type": "string"}}
    return {"type": {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}[plain]}
