"""Ballot papers to fill in by hand, and slips (phiếu giấy, phiếu bốc thăm)."""
