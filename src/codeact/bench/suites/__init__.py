"""The suites that come with codeact, a folder each, in the format that `codeact.bench.suite` reads."""
