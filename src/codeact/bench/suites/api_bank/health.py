"""Tools of health: appointments, measurements, symptoms.

Invariant: an appointment has one number, which does not change. It does not: give advice that is not in the tables.
"""

import hashlib
from typing import Any

from codeact.bench.suites.api_bank.desk import DAY, MISSING, Desk, filled, moment

Entry = dict[str, Any]


class Health:
    """Tools of health.

    Args:
        desk: what they work on.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def appointment_registration(self, patient_name: str, date: str, doctor_name: str) -> str:
        """Register an appointment with a doctor; date as YYYY-MM-DD. Returns the number of the appointment."""
        table = self._desk.table("Appointments")
        entry = {"patient_name": filled("patient_name", patient_name), "date": moment(date, DAY), "doctor_name": doctor_name.strip()}
        if entry in table.values():
            raise ValueError("there is such an appointment already")
        said = self._desk.recall("AppointmentRegistration", {"patient_name": patient_name, "date": date, "doctor_name": doctor_name})
        number = str(int(hashlib.sha256(repr(entry).encode()).hexdigest(), 16) % 90_000_000 + 10_000_000) if said is MISSING else said
        table[number] = entry
        return number

    def cancel_registration(self, appointment_id: str) -> str:
        """Cancel the appointment with this number."""
        del self._desk.table("Appointments")[self._appointment(appointment_id)]
        return "success"

    def modify_registration(self, appointment_id: str, new_appointment_date: str, new_appointment_doctor: str) -> str:
        """Give the appointment with this number a new date (YYYY-MM-DD) and doctor."""
        entry = self._desk.table("Appointments")[self._appointment(appointment_id)]
        changed = {"date": moment(new_appointment_date, DAY), "doctor_name": filled("new_appointment_doctor", new_appointment_doctor)}
        same = [name for name, value in changed.items() if entry[name] == value]
        if same:
            raise ValueError(f"{' and '.join(same)} would stay what it is")
        entry.update(changed)
        return "success"

    def query_registration(self, patient_name: str, date: str) -> dict[str, Entry]:
        """The appointments of a patient on a date (YYYY-MM-DD), by number."""
        wanted = (patient_name.strip().lower(), moment(date, DAY))
        table = self._desk.table("Appointments")
        found = {number: entry for number, entry in table.items() if (entry["patient_name"].lower(), entry["date"]) == wanted}
        if not found:
            raise ValueError(f"{patient_name} has no appointment on {date}")
        return found

    def _appointment(self, number: str) -> str:
        if number.strip() not in self._desk.table("Appointments"):
            raise ValueError(f"there is no appointment {number!r}")
        return number.strip()

    def record_health_data(self, user_id: str, time: str, health_data: list[dict[str, str]]) -> str:
        """Record what was measured, for example [{"name": "blood_pressure", "value": "120/80"}]; time as YYYY-MM-DD HH:MM:SS."""
        names = [one.get("name", "") for one in health_data]
        if not all(names) or len(set(names)) < len(names) or not names or not all("value" in one for one in health_data):
            raise ValueError("health_data needs a name, each only once, and a value for each measurement")
        records = self._desk.table("HealthData").setdefault(filled("user_id", user_id).upper(), [])
        wanted = moment(time)
        record = next((one for one in records if one["time"] == wanted), None)
        if record is None:
            record = {"time": wanted}
            records.append(record)
        record.update({one["name"]: one["value"] for one in health_data})
        return "success"

    def query_health_data(self, user_id: str, start_time: str, end_time: str) -> list[Entry]:
        """What was measured between two times, both YYYY-MM-DD HH:MM:SS."""
        table, user = self._desk.table("HealthData"), filled("user_id", user_id).upper()
        if user not in table:
            raise ValueError(f"there is no user {user_id!r}")
        return [one for one in table[user] if moment(start_time) <= one["time"] <= moment(end_time)]

    def symptom_search(self, symptom: str) -> list[Entry]:
        """Diseases that a symptom may come from, each with a description."""
        return [{"name": one["name"], "description": one["description"]} for one in self._symptom(symptom)]

    def emergency_knowledge(self, symptom: str) -> list[Entry]:
        """Diseases that a symptom may come from, each with what helps."""
        return [{"name": one["name"], "aid": one["aid"]} for one in self._symptom(symptom)]

    def _symptom(self, symptom: str) -> list[Entry]:
        table, wanted = self._desk.table("Symptom"), filled("symptom", symptom).lower()
        if wanted not in table:
            raise ValueError(f"nothing is known of the symptom {symptom!r}")
        return table[wanted]
