"""A poll from planning to its count, and the doors through which members vote."""
