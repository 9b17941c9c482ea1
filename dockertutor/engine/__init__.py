"""The only room that talks to Docker: it returns facts and raises our faults. No other room imports docker."""
