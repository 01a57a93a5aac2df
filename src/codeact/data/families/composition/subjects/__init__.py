"""Subjects by theme."""

from codeact.data.families.composition.subject import Subject
from codeact.data.families.composition.subjects import leisure, services, shops, unseen, work

HELD_OUT = "unseen"
"""The theme whose subjects, and with them its tools, are kept from training."""

THEMES: dict[str, tuple[Subject, ...]] = {
    "goods": (shops.GROCERIES, shops.PLANTS, shops.FURNITURE, shops.DISHES, shops.CARS, shops.PARTS, shops.PLANS),
    "leisure": (
        leisure.CINEMA,
        leisure.BOOKS,
        leisure.CLASSES,
        leisure.EXHIBITS,
        leisure.PETS,
        leisure.RECIPES,
        leisure.SONGS,
        leisure.TEAMS,
        leisure.TRAILS,
    ),
    "work": (
        work.ACCOUNTS,
        work.EMPLOYEES,
        work.STUDENTS,
        work.PROJECTS,
        work.REQUESTS,
        work.CANDIDATES,
        work.MEETINGS,
        services.BUSES,
        services.PARCELS,
        services.METERS,
        services.CITIES,
        services.SENSORS,
        services.FIELDS,
        services.ROOMS,
    ),
    HELD_OUT: (unseen.SHIPS, unseen.SLOPES, unseen.HIVES, unseen.TELESCOPES, unseen.SCOOTERS, unseen.COURSES),
}
"""Theme to subjects."""
