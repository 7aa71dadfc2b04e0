"""What was decided: the box (no person), the roll (who received a ballot) and the results."""

from ballots.models.box import Box, KeyFolder, Poll, RowTally, Sealed
from ballots.models.cases import CaseConclusion, CaseVote, OwnCase
from ballots.models.committee_files import CommitteeFile, CommitteePaper, CommitteePin
from ballots.models.decisions import CommitteeDecision, Decision, DecisionPaper, Petition
from ballots.models.envelopes import Envelope, EnvelopeOpening
from ballots.models.jobs import Job, JobPart, WorkerSign
from ballots.models.papers import Paper
from ballots.models.quota import QuotaDraft, QuotaFile, QuotaLine, QuotaMove
from ballots.models.results import Alarm, Classification, Difference, InvalidReason
from ballots.models.roll import Door, Issue, RollCheck, Slip, Subject, Teller
from ballots.models.secrecy_audits import SecrecyAudit
from ballots.models.submissions import STANDING, Pin, Reopening, Standing, Submission
from ballots.models.tokens import ApiToken
from ballots.models.totals import Total, UnratedTotal

__all__ = [
    "STANDING",
    "Alarm",
    "ApiToken",
    "Box",
    "CaseConclusion",
    "CaseVote",
    "Classification",
    "CommitteeDecision",
    "CommitteeFile",
    "CommitteePaper",
    "CommitteePin",
    "Decision",
    "DecisionPaper",
    "Difference",
    "Door",
    "Envelope",
    "EnvelopeOpening",
    "InvalidReason",
    "Issue",
    "Job",
    "JobPart",
    "KeyFolder",
    "OwnCase",
    "Paper",
    "Petition",
    "Pin",
    "Poll",
    "QuotaDraft",
    "QuotaFile",
    "QuotaLine",
    "QuotaMove",
    "Reopening",
    "RollCheck",
    "RowTally",
    "Sealed",
    "SecrecyAudit",
    "Slip",
    "Standing",
    "Subject",
    "Submission",
    "Teller",
    "Total",
    "UnratedTotal",
    "WorkerSign",
]
