"""What the command line shows: consoles, live output, runs and attempts on the screen."""
