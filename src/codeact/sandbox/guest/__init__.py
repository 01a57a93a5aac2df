"""What runs inside the sandbox: standard library and IPython only, never the rest of codeact."""
