"""The answers to the first questions, each by a way of its own that has nothing to do with the suite's oracle; a module a kind."""
