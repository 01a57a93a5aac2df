"""The server under attack: keys, origins, bodies, names, streams."""
