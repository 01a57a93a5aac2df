"""A small API-Bank in the original's file formats, written by us."""

import json
from pathlib import Path
from typing import Any

TOKEN = "t0k3n"

TABLES: dict[str, Any] = {
    "Account": {
        "Ada": {"password": "pw", "token": TOKEN, "email": "ada@mail.example"},
        "Bo": {"password": "b", "token": "b0", "email": "b@m.example"},
    },
    "Agenda": {"1": {"content": "Pay the rent", "time": "2023-05-01 09:00:00", "location": "home", "username": "Ada"}},
    "Alarm": {"1": {"time": "2023-05-01 07:00:00", "username": "Ada"}},
    "Appointments": {"11112222": {"patient_name": "Ada L", "date": "2023-05-03", "doctor_name": "Dr. Roe"}},
    "Bank": {"Ada": {"balance": 12.5, "age": 30, "city": "Oslo"}},
    "HealthData": {"A1": [{"time": "2023-05-01 08:00:00", "weight": 61.5}]},
    "History": {"05-02": [{"Title": " A ship sails ", "Date": "1901-05-02", "Description": "It sailed."}]},
    "Hotel": {"1": {"hotel_name": "Inn"}},
    "ImageCaptioning": [{"url": "http://a.example/x.jpg", "caption": "a cup on a table"}],
    "Meeting": {
        "1": {
            "meeting_topic": "Budget",
            "start_time": "2023-05-04 10:00:00",
            "end_time": "2023-05-04 11:00:00",
            "location": "Room 1",
            "attendees": ["Cy"],
            "username": "Ada",
        }
    },
    "QuestionAnswering": {"http://a.example/d.txt": [{"question": "Who wrote it?", "answer": "Cy did."}]},
    "Reminder": {"1": {"content": "Call Cy", "time": "2023-05-01 12:00:00", "username": "Ada"}},
    "Scenes": {"movie time": [{"name": "light", "description": "in the hall"}]},
    "SearchEngine": {
        "raw_documents": [{"title": title, "url": f"http://{title}.example", "abstract": title} for title in ("tea", "coffee", "milk")],
        "tokenized_documents": [["green", "tea", "leaves"], ["black", "coffee", "beans"], ["milk", "and", "tea"]],
        "sample_queries": [],
    },
    "SpeechRecognition": {"http://a.example/v.wav": "Good morning."},
    "Stock": {"ABC": {"2023-05-01": 10.5}},
    "Symptom": {"cough": [{"name": "Cold", "description": "of the nose", "aid": "tea"}]},
    "TimeSwitch": {"light": [{"time": "2023-05-01 18:00:00", "on": True}]},
    "Wiki": {"tea": {"url": "http://tea.example", "summary": "a drink"}},
}

_TOKEN_CALL = ("GetUserToken", {"username": "Ada", "password": "pw"}, {"token": TOKEN})

DIALOGUES: dict[str, dict[str, list[Any]]] = {
    "level-1-given-desc": {
        "Agenda": [
            "User: Put a call with Bo into my agenda, tomorrow at nine, at home. I am Ada, password pw.",
            _TOKEN_CALL,
            "AI: I have your token.",
            ("AddAgenda", {"token": TOKEN, "content": "a call with Bo", "time": "2023-05-02 09:00:00", "location": "home"}, "success"),
            "AI: It is there, of course.",
        ],
        "Password": [
            "User: I forgot my password. Ada, ada@mail.example.",
            ("ForgotPassword", {"status": "Forgot Password", "username": "Ada", "email": "ada@mail.example"}, 123456),
            "AI: A code was sent to you.",
            "User: It is 123456, and the new one shall be new.",
            ("ForgotPassword", {"status": "Verification Code", "verification_code": "123456", "new_password": "new"}, "success"),
            ("GetUserToken", {"username": "Ada", "password": "new"}, {"token": TOKEN}),
        ],
        "Health": [
            "User: A1, blood pressure 120/80, on 3 May at eight.",
            (
                "RecordHealthData",
                {"user_id": "A1", "time": "2023-05-03 08:00:00", "health_data": "[{'name': 'blood_pressure', 'value': '120/80'}]"},
                "success",
            ),
            "User: And what is today?",
            ("GetToday", {}, "2023-03-31"),
            "User: Book the Inn from 4 to 6 May: a room, two adults, no child.",
            (
                "BookHotel",
                {
                    "hotel_name": "Inn",
                    "check_in_time": "2023-05-04",
                    "check_out_time": "2023-05-06",
                    "room_count": "1",
                    "adult_count": "2",
                    "child_count": "0",
                },
                "2",
            ),
        ],
        "Greeting": ["User: Hello.", "AI: Hello."],
        "Translation": [
            "User: What is \"it's late, isn't it?\" in French?",
            ("Translate", {"src": "it's late, isn't it?", "tgt_lang": "fr"}, "il est tard, n'est-ce pas?"),
        ],
    },
    "level-2-toolsearcher": {
        "Alarm": [
            "User: Wake me at seven on 5 May.",
            ("ToolSearcher", {"keywords": "set alarm"}, [{"name": "GetUserToken"}, {"name": "AddAlarm"}]),
            "AI: Your password?",
            "User: Ada, pw.",
            _TOKEN_CALL,
            ("AddAlarm", {"token": TOKEN, "time": "2023-05-05 07:00:00"}, "success"),
        ],
        "Empty": [],
    },
}


def write(folder: Path) -> Path:
    """Write the tables and dialogues into a folder, and return it."""
    tables = folder / "init_database"
    tables.mkdir(parents=True)
    for name, table in TABLES.items():
        (tables / f"{name}.json").write_text(json.dumps(table), encoding="utf-8")
    for level, dialogues in DIALOGUES.items():
        there = folder / "lv1-lv2-samples" / level
        there.mkdir(parents=True)
        for name, turns in dialogues.items():
            (there / f"{name}.jsonl").write_text("\n".join(map(_line, turns)), encoding="utf-8")
    return folder


def _line(turn: Any) -> str:
    if isinstance(turn, str):
        role, _, text = turn.partition(": ")
        return json.dumps({"role": role, "text": text})
    name, given, output = turn
    return json.dumps(
        {"role": "API", "api_name": name, "param_dict": given, "result": {"input": given, "output": output, "exception": None}}
    )
