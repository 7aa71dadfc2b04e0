"""The summary over cells as an Excel workbook."""
