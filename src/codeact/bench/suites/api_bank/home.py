"""Tools at home and on the way: scenes, devices, hotels, money, music.

Invariant: names of scenes and devices are the same in upper and lower case. It does not: switch anything.
"""

from typing import Any

from codeact.bench.suites.api_bank.desk import DAY, MISSING, Desk, filled, moment, next_id


class Home:
    """Tools at home and on the way.

    Args:
        desk: what they work on.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def query_scene(self, name: str) -> list[dict[str, str]]:
        """The devices of a scene of the smart home."""
        return self._desk.table("Scenes")[self._scene(name)]

    def delete_scene(self, name: str) -> str:
        """Delete a scene of the smart home."""
        del self._desk.table("Scenes")[self._scene(name)]
        return "success"

    def _scene(self, name: str) -> str:
        wanted = filled("name", name).lower()
        found = next((key for key in self._desk.table("Scenes") if key.lower() == wanted), None)
        if found is None:
            raise ValueError(f"there is no scene {name!r}")
        return found

    def timed_switch(self, device_id: str, time: str, on: bool) -> str:
        """Switch a device on or off at a time (YYYY-MM-DD HH:MM:SS)."""
        times = self._desk.table("TimeSwitch").setdefault(filled("device_id", device_id).lower(), [])
        wanted = moment(time)
        kept = [one for one in times if one["time"] != wanted]
        times[:] = [*kept, {"time": wanted, "on": on}]
        return "success"

    def cancel_timed_switch(self, device_id: str, time: str) -> str:
        """Do not switch a device at a time (YYYY-MM-DD HH:MM:SS) for which that was planned."""
        times = self._desk.table("TimeSwitch").get(filled("device_id", device_id).lower(), [])
        wanted = moment(time)
        planned = next((one for one in times if one["time"] == wanted), None)
        if planned is not None:
            times.remove(planned)
            return "success"
        said = self._desk.recall("CancelTimedSwitch", {"device_id": device_id, "time": time})
        if said is MISSING:  # the record knows devices by number, the tables by name
            raise ValueError(f"the device {device_id!r} is not switched at {time}")
        return said

    def book_hotel(  # noqa: PLR0917 -- the parameters of the dialogues
        self, hotel_name: str, check_in_time: str, check_out_time: str, room_count: int, adult_count: int, child_count: int
    ) -> str:
        """Book rooms in a hotel; dates as YYYY-MM-DD. Returns the number of the booking."""
        arrives, leaves = moment(check_in_time, DAY), moment(check_out_time, DAY)
        if arrives >= leaves:
            raise ValueError("check_out_time has to be after check_in_time")
        if room_count < 1 or adult_count < 1 or child_count < 0:
            raise ValueError("a booking needs a room and an adult")
        table = self._desk.table("Hotel")
        number = next_id(table)
        table[number] = {
            "hotel_name": filled("hotel_name", hotel_name),
            "check_in_time": arrives,
            "check_out_time": leaves,
            "room_count": room_count,
            "adult_count": adult_count,
            "child_count": child_count,
        }
        return number

    def query_stock(self, stock_code: str, date: str) -> float:
        """Price of a share on a date (YYYY-MM-DD), by its code."""
        prices: dict[str, Any] = self._desk.table("Stock").get(filled("stock_code", stock_code).upper(), {})
        if moment(date, DAY) not in prices:
            raise ValueError(f"there is no price of {stock_code!r} on {date}")
        return prices[moment(date, DAY)]

    def play_music(self, music_name: str) -> str:
        """Play a piece of music, by its name."""
        return f"music://{filled('music_name', music_name).lower()}"

    def send_email(self, receiver: str, subject: str, content: str) -> str:
        """Send an email to an address."""
        if receiver.count("@") != 1 or "." not in receiver.partition("@")[2]:
            raise ValueError(f"{receiver!r} is no address")
        for name, text in (("subject", subject), ("content", content)):
            filled(name, text)
        return "success"
