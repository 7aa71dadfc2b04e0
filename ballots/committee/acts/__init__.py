"""One decision of a committee on the files of many cells, its papers and its notices."""
