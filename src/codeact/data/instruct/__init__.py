"""The suite of made-up tasks, see `codeact.bench.suite`."""
