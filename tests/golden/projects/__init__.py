"""The published projects whose networks are recorded: how the arguments of each become those of our specs."""
