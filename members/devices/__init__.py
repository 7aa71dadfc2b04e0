"""Phones of members: the cookie that knows one, and personal links."""
