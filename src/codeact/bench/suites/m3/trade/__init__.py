"""Trade: currencies, tariffs and final values: tools, tasks and oracle of one domain."""
