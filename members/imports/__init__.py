"""From an Excel sheet to members and cells."""
