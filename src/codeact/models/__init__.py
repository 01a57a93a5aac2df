"""Who writes the turns."""
