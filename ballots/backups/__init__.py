"""Copies of the whole installation: one locked file, checked and brought back by commands."""
