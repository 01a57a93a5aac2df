"""The rules that the tree keeps, as functions of a root; `test_architecture` holds them against it."""
