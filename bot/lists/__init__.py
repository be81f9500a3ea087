"""Lists of leads as people keep them: business cards, seminar visitors, calling lists, in CSV and Excel files."""
