"""Tools of a user's day: agenda, alarms, reminders, meetings.

Invariant: a user reaches own entries only; one is found by what it is about, or by its time. It does not: look for entries that overlap.
"""

from collections.abc import Callable
from typing import Any

from codeact.bench.suites.api_bank.desk import Desk, filled, moment, next_id

Entry = dict[str, Any]


class Schedule:
    """Tools of a user's day.

    Args:
        desk: what they work on.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def _add(self, table: str, token: str, **entry: Any) -> str:
        entries = self._desk.table(table)
        entries[next_id(entries)] = {**entry, "username": self._desk.user(token)}
        return "success"

    def _find(self, table: str, token: str, fits: Callable[[Entry], bool]) -> str:
        user = self._desk.user(token)
        for key, entry in self._desk.table(table).items():
            if entry["username"] == user and fits(entry):
                return key
        raise ValueError(f"{user} has no such entry")

    def _about(self, table: str, token: str, content: str, time: str) -> str:
        wanted = moment(time)
        return self._find(table, token, lambda entry: entry["content"] == content or entry["time"] == wanted)

    def _delete(self, table: str, key: str) -> str:
        del self._desk.table(table)[key]
        return "success"

    def add_agenda(self, token: str, content: str, time: str, location: str) -> str:
        """Put something into the agenda of the user with this token; time as YYYY-MM-DD HH:MM:SS."""
        return self._add("Agenda", token, content=filled("content", content), time=moment(time), location=location)

    def delete_agenda(self, token: str, content: str, time: str, location: str) -> str:
        """Delete an entry of the agenda, by what it is about or by its time (YYYY-MM-DD HH:MM:SS)."""
        return self._delete("Agenda", self._about("Agenda", token, content, time))

    def modify_agenda(self, token: str, content: str, time: str, location: str) -> str:
        """Change an entry of the agenda to this time (YYYY-MM-DD HH:MM:SS) and place; it is found by what it is about."""
        key = self._about("Agenda", token, content, time)
        self._desk.table("Agenda")[key].update(content=content, time=moment(time), location=location)
        return "success"

    def query_agenda(self, token: str, content: str, time: str, location: str) -> Entry:
        """An entry of the agenda, by what it is about or by its time (YYYY-MM-DD HH:MM:SS)."""
        return self._desk.table("Agenda")[self._about("Agenda", token, content, time)]

    def add_alarm(self, token: str, time: str) -> str:
        """Set an alarm for the user with this token; time as YYYY-MM-DD HH:MM:SS."""
        return self._add("Alarm", token, time=moment(time))

    def delete_alarm(self, token: str, time: str) -> str:
        """Remove the alarm at a time (YYYY-MM-DD HH:MM:SS)."""
        return self._delete("Alarm", self._alarm(token, time))

    def modify_alarm(self, token: str, from_time: str, to_time: str) -> str:
        """Move the alarm from one time to another, both YYYY-MM-DD HH:MM:SS."""
        self._desk.table("Alarm")[self._alarm(token, from_time)]["time"] = moment(to_time)
        return "success"

    def query_alarm(self, token: str, time: str) -> Entry:
        """The alarm at a time (YYYY-MM-DD HH:MM:SS)."""
        return self._desk.table("Alarm")[self._alarm(token, time)]

    def _alarm(self, token: str, time: str) -> str:
        wanted = moment(time)
        return self._find("Alarm", token, lambda entry: entry["time"] == wanted)

    def add_reminder(self, token: str, content: str, time: str) -> str:
        """Have the user with this token reminded of something; time as YYYY-MM-DD HH:MM:SS."""
        return self._add("Reminder", token, content=filled("content", content), time=moment(time))

    def delete_reminder(self, token: str, content: str, time: str) -> str:
        """Delete a reminder, by what it is about or by its time (YYYY-MM-DD HH:MM:SS)."""
        return self._delete("Reminder", self._about("Reminder", token, content, time))

    def modify_reminder(self, token: str, content: str, time: str) -> str:
        """Change a reminder to this content and time (YYYY-MM-DD HH:MM:SS); it is found by the one of the two that stays."""
        key = self._about("Reminder", token, filled("content", content), time)
        self._desk.table("Reminder")[key].update(content=content, time=moment(time))
        return "success"

    def query_reminder(self, token: str, content: str, time: str) -> Entry:
        """A reminder, by what it is about or by its time (YYYY-MM-DD HH:MM:SS)."""
        return self._desk.table("Reminder")[self._about("Reminder", token, content, time)]

    def add_meeting(self, token: str, meeting_topic: str, start_time: str, end_time: str, location: str, attendees: list[str]) -> str:  # noqa: PLR0917 -- the parameters of the dialogues
        """Reserve a meeting; times as YYYY-MM-DD HH:MM:SS."""
        topic = filled("meeting_topic", meeting_topic)
        times = {"start_time": moment(start_time), "end_time": moment(end_time)}
        return self._add("Meeting", token, meeting_topic=topic, **times, location=location, attendees=attendees)

    def delete_meeting(self, token: str, meeting_topic: str, start_time: str, end_time: str, location: str, attendees: list[str]) -> str:  # noqa: PLR0917 -- the parameters of the dialogues
        """Cancel a meeting, by its topic or by its start; times as YYYY-MM-DD HH:MM:SS."""
        return self._delete("Meeting", self._meeting(token, meeting_topic, start_time))

    def modify_meeting(self, token: str, meeting_topic: str, start_time: str, end_time: str, location: str, attendees: list[str]) -> str:  # noqa: PLR0917 -- the parameters of the dialogues
        """Change a meeting to these times (YYYY-MM-DD HH:MM:SS), place and attendees; it is found by its topic or by its start."""
        key = self._meeting(token, meeting_topic, start_time)
        changed = {"start_time": moment(start_time), "end_time": moment(end_time), "location": location, "attendees": attendees}
        self._desk.table("Meeting")[key].update(meeting_topic=meeting_topic, **changed)
        return "success"

    def query_meeting(self, token: str, meeting_topic: str, start_time: str, end_time: str, location: str, attendees: list[str]) -> Entry:  # noqa: PLR0917 -- the parameters of the dialogues
        """A meeting, by its topic or by its start; times as YYYY-MM-DD HH:MM:SS."""
        return self._desk.table("Meeting")[self._meeting(token, meeting_topic, start_time)]

    def _meeting(self, token: str, topic: str, start: str) -> str:
        wanted = moment(start)
        return self._find("Meeting", token, lambda entry: entry["meeting_topic"] == topic or entry["start_time"] == wanted)
