"""A shop's pages, read through a browser: tools, tasks and oracle of one domain."""
