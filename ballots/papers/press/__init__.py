"""From blocks to HTML, PDF/A and .docx."""
