"""What the format of trajectories must go on reading: one event of every type, as an object and as a line."""
