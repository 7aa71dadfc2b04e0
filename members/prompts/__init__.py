"""Gợi ý kiểm điểm of the committee above: written, read in the cell, taken back before they are answered."""
