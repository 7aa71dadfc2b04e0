"""Pages of people: officers' accounts, joining by phone, the cell's list of members."""
