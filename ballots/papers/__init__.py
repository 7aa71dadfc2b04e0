"""The papers of a meeting: rows → frozen data → blocks → HTML, PDF/A and .docx."""
