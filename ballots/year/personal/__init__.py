"""What is kept about one member, for that member: as data and as the member's own papers."""
