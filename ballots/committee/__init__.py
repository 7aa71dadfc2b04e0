"""What the committee above does with the files of its cells."""
