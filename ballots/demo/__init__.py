"""Meetings from a file: the scenario, the sample cell, and the rehearsal over real HTTP."""
