"""Messages that are to be decoded: tools, tasks and oracle of one domain."""
