"""Akashi: a registry of AI governance certificates in which nobody has to trust the registry."""
