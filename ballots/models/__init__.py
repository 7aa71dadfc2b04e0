"""What was decided: the box (no person), the roll (who received a ballot) and the results."""

from .box import Box, Poll, RowTally, Sealed
from .deciding import Decision, Petition
from .results import Alarm, Classification, Paper
from .roll import Door, Issue, Slip, Subject, Teller
from .sending import Pin, Submission

__all__ = [
    "Alarm",
    "Box",
    "Classification",
    "Decision",
    "Door",
    "Issue",
    "Paper",
    "Petition",
    "Pin",
    "Poll",
    "RowTally",
    "Sealed",
    "Slip",
    "Subject",
    "Submission",
    "Teller",
]
