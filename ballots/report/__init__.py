"""The collective report: writing it, its marked changes, answers to last year's shortcomings."""
