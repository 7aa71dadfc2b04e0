"""The papers of all cells as one ZIP, and the summary as a workbook."""
