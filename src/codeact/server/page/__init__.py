"""The web page of the server: what happens in a run, to look at; its past, to visit and to branch; runs as files to hand on."""
