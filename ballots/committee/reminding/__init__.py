"""Nhắc chi bộ chậm: their secretaries read it among their news."""
