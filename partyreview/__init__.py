"""Wiring: settings, addresses, middleware and the two doors; imports no app."""
