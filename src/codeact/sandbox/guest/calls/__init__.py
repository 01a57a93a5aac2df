"""What the session's code and the host have to say to each other: calls of tools as the code makes them, and the variables it has made."""
