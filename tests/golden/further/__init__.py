"""Further combinations of arguments than those recorded: drawn at random, built twice, by hand and from the spec."""
