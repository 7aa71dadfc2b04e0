"""The papers of the committee above on what it decides: decision, list, re-rating (Mẫu 03), notice to a member."""
