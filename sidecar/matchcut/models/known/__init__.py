"""One file a model, each with a constant `MODEL`."""
