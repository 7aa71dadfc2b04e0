"""A member's own form, filled in (bản kiểm điểm cá nhân)."""
