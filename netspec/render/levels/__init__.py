"""Levels: what a picture shows of a network. Each makes a `Picture`."""
