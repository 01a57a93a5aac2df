"""Runs and sessions that live on a server: begun, watched, decided about, put to sleep and gone on with. Nothing here knows HTTP."""
