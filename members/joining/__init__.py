"""Joining a meeting by QR code or six digits."""
