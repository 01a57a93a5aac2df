"""Tools that remember: accounts that money is moved between, lists that change, sessions to open first, a line that is down at times."""

import random
from typing import Any

from codeact.bench.policies import CallPolicy
from codeact.data.families.composition.scene import PEOPLE
from codeact.data.families.composition.special.tasks import done, family
from codeact.data.families.composition.toolmaking import nothing, tool, written
from codeact.data.family import Instance, Slip
from codeact.data.phrasing import Phrase
from codeact.protocols import Call
from codeact.tools.function import FunctionTool

_HOLDERS = ("Anselm", "Birgit", "Cosmo", "Delia", "Edgar", "Frieda", "Gustav", "Helga", "Ilse", "Jasper")
_CHORES = (
    "buy stamps", "call the plumber", "wash the car", "water the roses", "pay the rent", "fix the lamp", "book the dentist",
    "clean the oven",
    "walk the dog", "return the drill", "mow the lawn", "print the photos",
)  # fmt: skip


class _Ledger:
    """Dollars of some people, the tools that move them, and what these are called."""

    def __init__(self, chance: random.Random, people: list[str]) -> None:
        self.money = {one: chance.randint(50, 900) for one in people}
        self.put, self.take = chance.choice(("deposit", "pay_in")), chance.choice(("withdraw", "take_out"))
        self.move, self.see = chance.choice(("transfer", "send_money")), chance.choice(("balance_of_holder", "holder_balance", "saved_by"))

    def changed(self, one: str, by: int) -> int:
        """What is on an account after so much was put on it, or taken off."""
        if one not in self.money:
            raise ValueError(f"nobody named {one!r} has an account")
        if self.money[one] + by < 0:
            raise ValueError(f"{one} has only {self.money[one]} dollars")
        self.money[one] += by
        return self.money[one]

    def tools(self) -> list[FunctionTool]:
        """Of which a task has all."""
        one, changed = {"holder": str, "amount": int}, self.changed
        two = {"sender": str, "receiver": str, "amount": int}
        return [
            tool(self.put, one, int, "Put dollars on an account; returns what is on it.", changed),
            tool(self.take, one, int, "Take dollars off an account; returns what is left.", lambda who, by: changed(who, -by)),
            tool(self.move, two, str, "Move dollars from one account to another.", self._sent),
            tool(self.see, {"holder": str}, int, "What is on an account, in dollars.", lambda who: changed(who, 0)),
        ]

    def _sent(self, one: str, other: str, by: int) -> str:
        self.changed(one, -by)
        self.changed(other, by)
        return f"sent {by}"

    def plan(self, chance: random.Random) -> tuple[list[str], list[Call], dict[str, int]]:
        """Some movements as told and as calls, and what is on the accounts after them."""
        after, told, todo = dict(self.money), [], []
        for _ in range(chance.randint(2, 4)):
            one, other = chance.sample(list(after), 2)
            if after[other] > after[one]:
                one, other = other, one
            kind, amount = chance.choice((self.put, self.take, self.move)), chance.randint(5, min(after[one], 300))
            words = {self.put: "{} pays in {} dollars", self.take: "{} takes out {} dollars", self.move: "{} sends {} dollars to {}"}
            told.append(words[kind].format(one, amount, other))
            todo.append(Call(kind, (one, other, amount) if kind == self.move else (one, amount)))
            after[one] += amount if kind == self.put else -amount
            after[other] += amount if kind == self.move else 0
        return told, todo, after


def _transfers(chance: random.Random, phrase: Phrase) -> Instance:
    """Money put in, taken out and moved; what is on one of the accounts then."""
    ledger = _Ledger(chance, chance.sample(_HOLDERS, 3))
    told, todo, after = ledger.plan(chance)
    who, see = chance.choice([one for one in after if after[one] != ledger.money[one]] or list(after)), ledger.see
    lines = [f"{call.tool}({', '.join(map(written, call.args))})" for call in todo]

    def calls() -> CallPolicy:
        for call in todo:
            yield [call]
        return str((yield [Call(see, (who,))])[0])

    slips = (
        Slip("wrong argument type", f'print({see}(["{who}"]))', (Call(see, ([who],)),)),
        Slip("wrong spelling", f"print({see}({written(who.lower())}))", (Call(see, (who.lower(),)),)),
    )
    code = "\n".join([*lines, f"print({see}({written(who)}))"])
    prompt = phrase(told=", then ".join(told), who=who)
    return done(prompt, after[who], [code], calls, tools=ledger.tools(), chance=chance, check="number", slips=slips)


def _list(chance: random.Random, phrase: Phrase) -> Instance:
    """A list of things to do that is changed, and what is on it then."""
    there = chance.sample(_CHORES, chance.randint(2, 3))
    kept: list[str] = list(there)
    put, drop, see = (
        chance.choice(("add_chore", "note_chore")),
        chance.choice(("remove_chore", "tick_off")),
        chance.choice(("open_chores", "show_chores")),
    )

    def add(one: str) -> int:
        kept.append(one)
        return len(kept)

    def remove(one: str) -> int:
        if one not in kept:
            raise ValueError(f"{one!r} is not on the list")
        kept.remove(one)
        return len(kept)

    tools = [
        tool(put, {"chore": str}, int, "Put a chore on the list; returns how many there are.", add),
        tool(drop, {"chore": str}, int, "Take a chore off the list; returns how many are left.", remove),
        tool(see, {}, list[str], "The chores on the list.", lambda: list(kept)),
    ]
    more = chance.sample([one for one in _CHORES if one not in there], chance.randint(1, 3))
    off = chance.choice(there)
    after = [one for one in [*there, *more] if one != off]
    counts = chance.random() < 0.4
    todo = [*(Call(put, (one,)) for one in more), Call(drop, (off,))]
    last = f"print(len({see}()))" if counts else f"print({see}())"
    if len(more) > 1:
        lines = [f"for chore in {written(more)}:\n    {put}(chore)", f"{drop}({written(off)})", last]
    else:
        lines = [f"{put}({written(more[0])})", f"{drop}({written(off)})", last]

    def calls() -> CallPolicy:
        for call in todo:
            yield [call]
        shown = (yield [Call(see)])[0]
        return str(len(shown) if counts else shown)

    slips = (
        Slip("wrong spelling", f"{drop}({written(off + 's')})", (Call(drop, (off + "s",)),)),
        Slip("unexpected argument", f'print({see}("all"))', (Call(see, ("all",)),)),
    )
    wanted = "How many chores are there then? Answer with the number." if counts else "What is on the list then? Answer with the list."
    prompt = phrase(more=", ".join(f'"{one}"' for one in more), off=f'"{off}"', wanted=wanted)
    answer: Any = len(after) if counts else after
    return done(prompt, answer, ["\n".join(lines)], calls, tools=tools, chance=chance, check="number" if counts else "set", slips=slips)


def _session(chance: random.Random, phrase: Phrase) -> Instance:
    """A key is asked for first, and every other tool wants it."""
    user, pin = chance.choice(_HOLDERS).lower(), str(chance.randint(1000, 9999))
    key = f"{chance.choice('abcdef')}{chance.randint(100, 999)}{chance.choice('xyz')}"
    kind, low, high = chance.choice(
        (
            ("points", 10, 9000),
            ("unread messages", 0, 120),
            ("vouchers", 0, 30),
            ("steps walked today", 50, 24000),
            ("stored files", 1, 4000),
        )
    )
    value, word = chance.randint(low, high), kind.split()[-1] if kind.startswith(("unread", "stored")) else kind.split()[0]
    enter, see = chance.choice(("log_in", "sign_in", "open_session")), chance.choice((f"count_{word}", f"get_{word}_total", f"my_{word}"))
    token = chance.choice(("token", "key", "session"))

    def entered(name: str, code: str) -> str:
        if (name, code) != (user, pin):
            raise ValueError("the user and the pin do not fit")
        return key

    def seen(given: str) -> int:
        if given != key:
            raise ValueError(f"the {token} {given!r} is not valid")
        return value

    tools = [
        tool(enter, {"user": str, "pin": str}, str, f"Log a user in; returns a {token} for the other functions.", entered),
        tool(see, {token: str}, int, f"The number of {kind} of the user who is logged in, by {token}.", seen),
        tool("log_out", {token: str}, str, f"End what a {token} was given for.", lambda given: "bye" if seen(given) >= 0 else ""),
    ]
    login = f"{token} = {enter}({written(user)}, {written(pin)})"
    together = chance.random() < 0.6
    actions = [f"{login}\nprint({see}({token}))"] if together else [f"{login}\nprint({token})", f"print({see}({token}))"]

    def calls() -> CallPolicy:
        given = (yield [Call(enter, (user, pin))])[0]
        return str((yield [Call(see, (given,))])[0])

    slips = (
        Slip("skipped a step", f"print({see}({written(user)}))", (Call(see, (user,)),)),
        Slip("wrong argument type", f"{token} = {enter}({written(user)}, {int(pin)})\nprint({see}({token}))"),
    )
    return done(phrase(user=user, pin=pin, kind=kind), value, actions, calls, tools=tools, chance=chance, check="number", slips=slips)


_MEASURED = (("water level", "cm", 10, 400), ("pressure", "hPa", 960, 1045), ("snow cover", "cm", 1, 190), ("tide", "cm", 20, 700))
_STATIONS = ("Cape North", "Ridge Five", "Salt Flat", "Old Dam", "Pier Nine", "Windmill Hill", "Quarry")


def _flaky(chance: random.Random, phrase: Phrase) -> Instance:
    """A line that gives nothing once or twice before it answers: the call is made again."""
    stations = chance.sample(_STATIONS, chance.randint(1, 3))
    kind, unit, low, high = chance.choice(_MEASURED)
    values = {one: chance.randint(low, high) for one in stations}
    fails = {one: chance.choice((0, 1, 1, 2)) for one in stations}
    name = chance.choice(("radio_station", "call_station", "poll_station", "ask_station"))

    def given(one: str) -> int | None:
        if one not in values:
            raise ValueError(f"there is no station {one!r}")
        if fails[one]:
            fails[one] -= 1
            return None
        return values[one]

    doc = f"The {kind} at a station in {unit}; None while the line is down, so call again then."
    tools = [
        tool(name, {"station": str}, int | None, doc, given),
        tool("list_stations", {}, list[str], "Names of the stations.", lambda: list(stations)),
    ]
    code = f"total = 0\nfor station in {written(stations)}:\n    value = {name}(station)\n"
    code += f"    while value is None:\n        value = {name}(station)\n"
    code += "    print(station, value)\n    total += value\nprint(total)"

    def calls() -> CallPolicy:
        found = 0
        for station in stations:
            shown: Any = None
            while nothing(shown):
                shown = (yield [Call(name, (station,))])[0]
            found += shown
        return str(found)

    told = f"{', '.join(stations[:-1])} and {stations[-1]} together" if len(stations) > 1 else stations[0]
    slips = (
        Slip("list as argument", f"print({name}({written(stations)}))", (Call(name, (stations,)),)),
        Slip("wrong spelling", f"print({name}({written(stations[0].lower())}))", (Call(name, (stations[0].lower(),)),)),
    )
    prompt = phrase(kind=kind, unit=unit, told=told)
    return done(prompt, sum(values.values()), [code], calls, tools=tools, chance=chance, check="number", slips=slips)


def _ballots(chance: random.Random, phrase: Phrase) -> Instance:
    """Votes of several boxes, and who has the most."""
    names = chance.sample(PEOPLE, chance.randint(3, 4))
    boxes = chance.sample(range(10, 100), chance.randint(2, 3))
    winner = chance.choice(names)
    votes = {box: [chance.choice(names) for _ in range(chance.randint(3, 6))] for box in boxes}
    counted = {one: sum(each.count(one) for each in votes.values()) for one in names}
    lead = max(count for one, count in counted.items() if one != winner)
    votes[boxes[0]] += [winner] * max(0, lead - counted[winner] + 1)
    name = chance.choice(("open_box", "votes_in_box", "read_ballots"))

    def given(box: int) -> list[str]:
        if box not in votes:
            raise ValueError(f"there is no box {box!r}")
        return list(votes[box])

    tools = [
        tool(name, {"box": int}, list[str], "The names on the ballots of a box.", given),
        tool("seal_box", {"box": int}, bool, "Seal a box.", lambda box: box in votes),
    ]
    code = (
        f"from collections import Counter\nvotes = Counter()\nfor box in {written(boxes)}:\n    votes.update({name}(box))\nprint(votes)\n"
    )
    code += "print(votes.most_common(1)[0][0])"

    def calls() -> CallPolicy:
        shown = yield [Call(name, (box,)) for box in boxes]
        everything = [one for each in shown for one in each]
        return max(set(everything), key=everything.count)

    slips = (
        Slip("list as argument", f"print({name}({written(boxes)}))", (Call(name, (boxes,)),)),
        Slip("missing import", f"votes = Counter({name}({written(boxes[0])}))\nprint(votes)"),
    )
    told = f"{', '.join(map(str, boxes[:-1]))} and {boxes[-1]}"
    return done(phrase(told=told), winner, [code], calls, tools=tools, chance=chance, slips=slips)


FAMILIES = (
    family(
        "transfers",
        _transfers,
        (
            "[In this order|One after the other]: {told}. How much money [does {who} have then|has {who} in the end], in dollars?",
            "[Do|Carry out] the following: {told}. [After that|Then], what is on the account of {who}?[ Answer with the number.]",
            "{told}. [Book all that|Enter this|Do that], and tell me how much {who} has [at the end|then].",
            "[These things happen|This is to be booked|My notes say]: {told}. What does {who} have [at the end|after that]?",
            "When {told}, what is the [new|final] balance of {who}?[ Answer with the number.]",
        ),
        (
            "Bookkeeping: {told}. [State|Give] what {who} is left with, in [dollars|whole dollars].",
            "First book this: {told}. [Now look|Look then] at the account of {who}. What does it hold?",
        ),
    ),
    family(
        "chores",
        _list,
        (
            "[Add to|Put on] the list of chores {more}, [and then take|and take] {off} off it. {wanted}",
            "[My list of chores changes|The list of chores changes]: {more} [come new|are new], {off} is done. {wanted}",
            "[Please note|Note|Write down] {more} on the list of chores and [remove|strike out] {off}. {wanted}",
            "I have done {off}. New on the list of chores: {more}. [Change the list.|Bring the list up to date.] {wanted}",
            "[About the list of chores|My list of chores]: {more} [is to go on|comes on]; {off} goes. {wanted}",
        ),
        (
            "[Off the list of chores|From the list of chores] goes {off}, onto it [go|come] {more}. {wanted}",
            "Chores: plus {more}, minus {off}. {wanted}",
            "We settled {off}, and still have to settle {more}. [Update|Correct] the list of chores. {wanted}",
        ),
    ),
    family(
        "session",
        _session,
        (
            "[Log in as|Sign in as] {user} with the pin {pin}. How many {kind} [are there|do you find]?",
            "The user is {user}, the pin is {pin}. [Tell me|Find out|Look up] the number of {kind}[.|, please.]",
            "[I am|My user name is] {user} and my pin is {pin}. How many {kind} do I have?[ Answer with the number.]",
            "[With|Using] the user name {user} and the pin {pin}, [find|get|count] the number of {kind}.",
            "How many {kind} has {user}? [The pin is {pin}.|You need the pin {pin}.]",
        ),
        (
            "{user}, pin {pin}: number of {kind}[, please|, as a number]?",
            "As {user} ({pin} is the pin), [check|see] how many {kind} there are, and [report|give] the number.",
        ),
    ),
    family(
        "flaky",
        _flaky,
        (
            "What is the {kind} in {unit} at {told}?[ Answer with the number.| The line is bad.| Give the number.]",
            "[Ask for|Find out|Get] the {kind} at {told}. [Calls may give nothing; try again.|The line may be down for a moment.]",
            "[I need|Please give me|Tell me] the {kind} at {told}, in {unit}[. One number, please].",
            "[How high is|How much is] the {kind} at {told}? [Some calls give nothing the first time.|Do not give up at once.]",
            "The line to the stations is poor. [Nevertheless|Still], what is the {kind} at {told}, in {unit}?[ One number.]",
        ),
        (
            "Despite a shaky line: [report|state] the {kind} at {told} ({unit}).",
            "At {told}, what {kind} is measured? [Keep trying if nobody answers.|Repeat a call that gives nothing.] The answer "
            "is in {unit}.",
            "[Radio for|Request] the {kind} of {told} until it comes through, in {unit}.",
        ),
    ),
    family(
        "ballots",
        _ballots,
        (
            "Who has the most votes in the boxes {told}?[ Answer with the name.| Give the name only.]",
            "[Count|Open|Go through] the ballots of the boxes {told}. [Who wins|Who is ahead|Who is elected]?",
            "[The boxes|Boxes] {told} are in. [Tell me|Find out] who [got|has] the most votes.",
            "Over the boxes {told} together, [whose name|which name] is on the most ballots?[ Answer with it.]",
            "[After|With] all ballots of {told}, [who is in front|who has won|who leads]?",
        ),
        (
            "The votes lie in the boxes {told}; [name|give me the name of] the one with most of them.",
            "Boxes {told}: [winner|who came first], [by number of votes|counted over all of them]?",
        ),
    ),
)
