"""The committee's decision on a sent file, and its answers to petitions."""
