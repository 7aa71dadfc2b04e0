"""The collective report as a paper (Mẫu 01)."""
