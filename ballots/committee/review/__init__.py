"""A sent file as the committee reads it: places to pin, and the return to the cell."""
