"""Mở lại hồ sơ đã duyệt, đã quyết định."""
