"""Inviting officers: a link for one account; a sheet of cards, one per cell, and the text for Zalo."""
