"""The families of tasks, a folder for each domain."""
