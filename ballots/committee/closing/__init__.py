"""Kết thúc đợt kiểm điểm, mở lại đợt."""
