"""Journeys: flights, hotels and what they cost: tools, tasks and oracle of one domain."""
