"""The tools of API-Bank on small tables: what they change, find and refuse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.api_bank import sample
from codeact.bench.suites.api_bank.catalogue import functions
from codeact.bench.suites.api_bank.desk import MISSING, Desk
from codeact.errors import InputError

Functions = dict[str, Callable[..., Any]]
MEETING = {"start_time": "2023-05-04 10:00:00", "end_time": "2023-05-04 12:00:00", "location": "Room 2", "attendees": ["Bo"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sample.write(tmp_path) / "init_database"


@pytest.fixture
def tools(folder: Path) -> Functions:
    return functions(Desk(folder, lambda name, arguments: MISSING))


def test_an_account_is_made_changed_and_deleted(tools: Functions) -> None:
    token = tools["RegisterUser"]("Cy", "one", "cy@mail.example")["token"]
    assert tools["ModifyPassword"](token, "one", "two") == {"status": "success"}
    assert tools["GetUserToken"]("Cy", "two") == {"token": token}
    code = tools["ForgotPassword"]("Forgot Password", username="Cy", email="cy@mail.example")
    assert tools["ForgotPassword"]("Verification Code", verification_code=str(code), new_password="three") == "success"
    assert tools["GetUserToken"]("Cy", "three") == {"token": token}
    tools["DeleteAccount"](token)
    with pytest.raises(ValueError, match="no user 'Cy'"):
        tools["GetUserToken"]("Cy", "three")


def test_entries_are_added_changed_found_and_deleted(tools: Functions) -> None:
    token = sample.TOKEN
    tools["AddReminder"](token, "Post a letter", "2023-05-02 08:00:00")
    tools["ModifyReminder"](token, "Post a letter", "2023-05-02 09:00:00")
    assert tools["QueryReminder"](token, "", "2023-05-02 09:00:00")["content"] == "Post a letter"
    tools["DeleteReminder"](token, "Post a letter", "2023-05-02 09:00:00")
    with pytest.raises(ValueError, match="no such entry"):
        tools["QueryReminder"](token, "Post a letter", "2023-05-02 09:00:00")
    tools["ModifyMeeting"](token, "Budget", **MEETING)
    assert tools["QueryMeeting"](token, "Budget", **MEETING)["location"] == "Room 2"
    tools["ModifyAlarm"](token, "2023-05-01 07:00:00", "2023-05-01 08:00:00")
    assert tools["QueryAlarm"](token, "2023-05-01 08:00:00") == {"time": "2023-05-01 08:00:00", "username": "Ada"}


def test_nobody_reaches_an_entry_of_another_user(tools: Functions) -> None:
    with pytest.raises(ValueError, match="Bo has no such entry"):
        tools["DeleteAgenda"]("b0", "Pay the rent", "2023-05-01 09:00:00", "home")


def test_appointments_keep_their_number(tools: Functions) -> None:
    number = tools["AppointmentRegistration"]("Bo", "2023-06-01", "Dr. Roe")
    assert tools["QueryRegistration"]("bo", "2023-06-01")[number]["doctor_name"] == "Dr. Roe"
    tools["ModifyRegistration"](number, "2023-06-02", "Dr. Doe")
    with pytest.raises(ValueError, match="would stay what it is"):
        tools["ModifyRegistration"](number, "2023-06-02", "Dr. Roe")
    assert tools["CancelRegistration"](number) == "success"
    with pytest.raises(ValueError, match="has no appointment"):
        tools["QueryRegistration"]("Bo", "2023-06-02")


def test_what_is_looked_up_is_what_the_tables_hold(tools: Functions) -> None:
    assert tools["QueryHistoryToday"]("05-02") == ["Title: A ship sails, Date: 1901-05-02, Description: It sailed."]
    assert tools["QueryHistoryToday"]("2023-05-02") == tools["QueryHistoryToday"]("05-02")
    assert tools["SearchEngine"]("coffee beans")[0]["title"] == "coffee"
    assert [page["title"] for page in tools["SearchEngine"]("green tea")] == ["tea", "milk"]
    assert tools["EmergencyKnowledge"](" Cough") == [{"name": "Cold", "aid": "tea"}]
    assert tools["DocumentQA"]("http://a.example/d.txt", "Who wrote it?") == "Cy did."
    assert tools["QueryStock"]("abc", "2023-05-01") == 10.5
    assert tools["QueryHealthData"]("a1", "2023-05-01 00:00:00", "2023-05-01 09:00:00")[0]["weight"] == 61.5
    assert tools["QueryScene"]("Movie Time")[0]["name"] == "light"
    assert tools["ImageCaption"]("http://a.example/x.jpg") == "a cup on a table"
    assert tools["PlayMusic"]("A Song") == "music://a song"


def test_what_only_a_service_could_say_is_refused(tools: Functions) -> None:
    for name, arguments in (("Translate", ("hello", "fr")), ("Dictionary", ("tea",))):
        with pytest.raises(ValueError, match="only what was asked in the record is known"):
            tools[name](*arguments)


@pytest.mark.parametrize("formula", ["2**9**9", "__import__('os')", "1/0", "(" * 500, "1+" * 600 + "1", "True+1", "", "1+'a'"])
def test_the_calculator_counts_and_runs_nothing_else(tools: Functions, formula: str) -> None:
    assert tools["Calculator"]("(23+7)*3-42/6") == 83.0
    with pytest.raises(ValueError, match="formula"):
        tools["Calculator"](formula)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("AddAlarm", (sample.TOKEN, "tomorrow")),
        ("AddAgenda", (sample.TOKEN, " ", "2023-05-02 09:00:00", "home")),
        ("BookHotel", ("Inn", "2023-05-06", "2023-05-04", 1, 1, 0)),
        ("RecordHealthData", ("A1", "2023-05-02 09:00:00", [{"name": "x", "value": "1"}, {"name": "x", "value": "2"}])),
        ("SendEmail", ("nobody", "hello", "text")),
        ("CancelTimedSwitch", ("light", "2023-05-02 18:00:00")),
        ("QueryBalance", ("wrong",)),
    ],
)
def test_what_makes_no_sense_is_refused(tools: Functions, name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        tools[name](*arguments)


def test_desks_share_nothing_that_changes(folder: Path) -> None:
    one, other = (functions(Desk(folder, lambda name, arguments: MISSING)) for _ in range(2))
    assert one["CancelTimedSwitch"]("Light", "2023-05-01 18:00:00") == "success"
    one["DeleteScene"]("movie time")
    assert other["QueryScene"]("movie time")
    assert other["CancelTimedSwitch"]("light", "2023-05-01 18:00:00") == "success"


def test_a_table_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read the table .*Wiki.json"):
        functions(Desk(tmp_path, lambda name, arguments: MISSING))["Wiki"]("tea")
