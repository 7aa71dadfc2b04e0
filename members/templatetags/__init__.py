"""Filters for templates of every app."""
