"""What a committee reports of all files below it: two tables, and the report upwards."""
