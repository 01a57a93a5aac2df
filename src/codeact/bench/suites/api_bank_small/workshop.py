"""A workshop that lends tools and benches: its state, and what can be done there.

Invariant: a tool is with one member or with none, and a bench has one member in an hour. It does not: know what day it really is.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

TODAY = date(2023, 5, 2)
OPENS, CLOSES = 8, 20
BENCHES = ("wood", "metal", "electronics")
LONGEST = 14


def _members() -> dict[str, dict[str, str]]:
    return {
        "M101": {"name": "Ines Okafor", "email": "ines@mail.example"},
        "M102": {"name": "Tomas Lund", "email": "tomas@mail.example"},
        "M103": {"name": "Wei Zhang", "email": "wei@mail.example"},
    }


def _tools() -> dict[str, dict[str, str]]:
    return {
        "T1": {"kind": "drill", "model": "Bosk 12", "with": ""},
        "T2": {"kind": "drill", "model": "Bosk 18", "with": "M102"},
        "T3": {"kind": "jigsaw", "model": "Kerf 5", "with": ""},
        "T4": {"kind": "sander", "model": "Smooth 2", "with": "M101"},
        "T5": {"kind": "soldering iron", "model": "Flux 60", "with": ""},
        "T6": {"kind": "clamp", "model": "Grip 30", "with": ""},
    }


@dataclass(slots=True)
class Workshop:
    """The workshop; what its tools are called is their method's name in capitals (``FindTool``)."""

    members: dict[str, dict[str, str]] = field(default_factory=_members)
    tools: dict[str, dict[str, str]] = field(default_factory=_tools)
    reservations: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[str, dict[str, str]] = field(default_factory=dict)

    def open_membership(self, name: str, email: str) -> str:
        """Make somebody a member; returns the number of the member."""
        if not name.strip() or email.count("@") != 1:
            raise ValueError("a member needs a name and an email")
        if any(member["email"] == email.strip().lower() for member in self.members.values()):
            raise ValueError(f"{email!r} is a member already")
        number = f"M{101 + len(self.members)}"
        self.members[number] = {"name": name.strip(), "email": email.strip().lower()}
        return number

    def find_tool(self, kind: str) -> list[dict[str, Any]]:
        """The tools of a kind, each with its number, its model, and whether it is free to be lent."""
        wanted = kind.strip().lower()
        found = [(number, tool) for number, tool in self.tools.items() if tool["kind"] == wanted]
        return [{"tool_id": number, "model": tool["model"], "free": not tool["with"]} for number, tool in found]

    def lend_tool(self, member_id: str, tool_id: str, days: int) -> str:
        """Lend a tool to a member for some days; returns the day on which it is due, as YYYY-MM-DD."""
        self._member(member_id)
        tool = self._tool(tool_id)
        if tool["with"]:
            raise ValueError(f"{tool_id} is lent already")
        if not 1 <= days <= LONGEST:
            raise ValueError(f"tools are lent for 1 to {LONGEST} days, not {days}")
        tool["with"] = member_id
        return (TODAY + timedelta(days=days)).isoformat()

    def return_tool(self, tool_id: str) -> str:
        """Take a tool back; returns the number of the member who had it."""
        tool = self._tool(tool_id)
        member, tool["with"] = tool["with"], ""
        if not member:
            raise ValueError(f"{tool_id} is not lent")
        return member

    def reserve_bench(self, member_id: str, bench: str, day: str, start_hour: int, hours: int) -> str:
        """Reserve a bench (wood, metal or electronics) on a day (YYYY-MM-DD), from a full hour on; returns its number."""
        self._member(member_id)
        wanted = bench.strip().lower()
        if wanted not in BENCHES:
            raise ValueError(f"there is no bench {bench!r}; there are: {', '.join(BENCHES)}")
        if hours < 1 or not OPENS <= start_hour <= CLOSES - hours:
            raise ValueError(f"the workshop is open from {OPENS} to {CLOSES}")
        when = date.fromisoformat(day.strip()).isoformat()
        for other in self.reservations.values():
            apart = start_hour + hours <= other["start_hour"] or other["start_hour"] + other["hours"] <= start_hour
            if (other["bench"], other["day"]) == (wanted, when) and not apart:
                raise ValueError(f"the {wanted} bench is taken at that time")
        number = f"R{1 + max((int(key[1:]) for key in self.reservations), default=0)}"
        self.reservations[number] = {"member_id": member_id, "bench": wanted, "day": when, "start_hour": start_hour, "hours": hours}
        return number

    def cancel_reservation(self, reservation_id: str) -> str:
        """Cancel a reservation."""
        if reservation_id not in self.reservations:
            raise ValueError(f"there is no reservation {reservation_id!r}")
        del self.reservations[reservation_id]
        return "cancelled"

    def list_reservations(self, member_id: str) -> list[dict[str, Any]]:
        """The reservations of a member."""
        self._member(member_id)
        return [{"reservation_id": number, **one} for number, one in self.reservations.items() if one["member_id"] == member_id]

    def report_fault(self, tool_id: str, description: str) -> str:
        """Report what is wrong with a tool, in a few words; returns the number of the report."""
        self._tool(tool_id)
        if not description.strip():
            raise ValueError("say what is wrong")
        number = f"F{1 + len(self.faults)}"
        self.faults[number] = {"tool_id": tool_id, "description": description.strip()}
        return number

    def _member(self, number: str) -> dict[str, str]:
        if number not in self.members:
            raise ValueError(f"there is no member {number!r}")
        return self.members[number]

    def _tool(self, number: str) -> dict[str, str]:
        if number not in self.tools:
            raise ValueError(f"there is no tool {number!r}")
        return self.tools[number]
