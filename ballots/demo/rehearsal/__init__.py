"""A whole meeting played over real HTTP from a scenario: the smoke test, and the load of later work."""
