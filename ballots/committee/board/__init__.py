"""The committee's board: how far each cell is, and what it proposes."""
