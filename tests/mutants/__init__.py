"""The tests tested: the modules a ballot rests on are spoilt in one place at a time, and a test has to notice."""
