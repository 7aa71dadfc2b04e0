"""What the minutes of a meeting and the tellers' minutes say; see `ballots.papers.data`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from ballots.papers.data import Distribution, Head, Level, Reasoned, SubjectLevels


@dataclass(frozen=True)
class Participant:
    """A name as the list has it (with the birth year for twins), a post, and the bare name that signs."""

    name: str
    post: str = ""
    bare: str = ""

    @property
    def signs(self) -> str:
        """The name under a signature: no year, no title, no rank (HD 36-HD/VPTW)."""
        return self.bare or self.name


@dataclass(frozen=True)
class Standing:
    """How many members of one standing are on the list, and how many of them came."""

    label: str
    listed: int
    present: int


@dataclass(frozen=True)
class Roll:
    """Who was called and who came; `summoned` and `present` count voters only, `left` who went before the end."""

    standings: tuple[Standing, ...]
    summoned: int
    present: int
    absences: tuple[Reasoned, ...] = ()
    linked: tuple[str, ...] = ()  # whose phones were linked, or changed, after check-in had begun
    moved: tuple[str, ...] = ()
    left: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True)
class Tellers:
    """Tổ kiểm phiếu, the lead first, and the show of hands that approved it."""

    people: tuple[Participant, ...]
    yes: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class PollRow:
    """One subject's result: per level code the ballots and their share of the base (None where the base is 0)."""

    subject: str
    counts: dict[str, int]
    shares: dict[str, Fraction | None]
    blank: int
    post: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Recount:
    """A recount that differed, its fault, and what settled it: another teller's device, or the meeting."""

    by: str
    fault: str
    agreed_by: str = ""
    decision: str = ""


@dataclass(frozen=True)
class SealedEnvelope:
    """The envelope of a poll: its fingerprint and its last day, or why there is none."""

    sha256: str = ""
    kept_until: date | None = None
    left_out: str = ""


@dataclass(frozen=True)
class PollResult:
    """A counted poll. It never says how many ballots came by which door (secret-ballot.md 4)."""

    title: str
    on_cell: bool
    levels: tuple[Level, ...]
    summoned: int
    present: int
    issued: int
    collected: int
    valid: int
    invalid: int
    base: int
    base_label: str
    rows: tuple[PollRow, ...]
    digits: str
    p: str
    list_sha256: str
    declined: tuple[Reasoned, ...] = ()
    alarms: int = 0  # members whose phone showed red
    alarm_decision: str = ""
    recounts: tuple[Recount, ...] = ()
    late_excuses: int = 0  # written down after the poll was opened, and so counted in its base
    invalid_reasons: tuple[tuple[str, int], ...] = ()
    envelope: SealedEnvelope | None = None  # where the rules of the meeting keep one


@dataclass(frozen=True)
class VoidPoll:
    """A void poll: its title and why, never a number."""

    title: str
    reason: str


@dataclass(frozen=True)
class Sitting:
    """What the minutes of the meeting and of the count share; times are local."""

    head: Head
    basis: tuple[str, ...]
    starts_at: datetime
    venue: str
    roll: Roll
    guests: tuple[Participant, ...]
    chair: Participant
    clerk: Participant
    tellers: Tellers
    doors: tuple[str, ...]
    invalid_rule: str
    polls: tuple[PollResult, ...]
    voids: tuple[VoidPoll, ...] = ()
    extra: bool = False
    counted: tuple[datetime, datetime] | None = None  # when the count began and ended
    copies: int | None = None
    filed: tuple[str, ...] = ()
    committee: str = ""  # what meets, where it is no cell: "Ban Thường vụ Đảng ủy phường An Phú"
    symbol: str = ""  # of a committee's minutes, as its office numbers them

    @property
    def voters(self) -> str:
        """What those are called who vote."""
        return "Cấp ủy viên" if self.committee else "Đảng viên"


@dataclass(frozen=True)
class Opinion:
    """Who said what: `on` names the member it was about, `body` the leadership collective (both "" = the cell).

    `kind` is what it was of ("" = in general).
    """

    by: str
    text: str
    on: str = ""
    body: str = ""
    kind: str = ""
    reserved: bool = False  # told of a committee's meeting alone


@dataclass(frozen=True)
class CaseLine:
    """One case of a committee's meeting; `about`: post and cell. Levels are codes, "" where there is none."""

    name: str
    about: str
    proposed: str
    voted: str
    level: str
    reason: str


@dataclass(frozen=True)
class CaseTalk:
    """What a committee's meeting says beside its polls; in opinions `body` names the case, "" = all of them."""

    cases: tuple[CaseLine, ...]
    opinions: tuple[Opinion, ...]
    own_case: str  # whether who votes does so on the own case, as a sentence


@dataclass(frozen=True)
class BodyReview:
    """What the meeting heard of a leadership collective, and said to it; `report`: the summary of its report."""

    name: str
    report: str
    enclosed: bool
    amended: tuple[str, ...]
    self_level: str
    self_score: Decimal | None
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True)
class Lines:
    """What the minutes tell of one member's review: the self-review, and the answer to the comments (tiếp thu)."""

    name: str
    self_review: str = ""
    reply: str = ""


@dataclass(frozen=True)
class MinutesData:
    """Biên bản hội nghị. `cell_levels` is None when the cell itself was neither voted on nor concluded."""

    sitting: Sitting
    levels: tuple[Level, ...]
    agenda: tuple[str, ...]
    report: str  # the summary, where the report itself is enclosed
    self_level: str
    self_score: Decimal | None
    opinions: tuple[Opinion, ...]
    reserved: tuple[Opinion, ...]
    members: tuple[SubjectLevels, ...]
    cell_levels: SubjectLevels | None
    distribution: Distribution
    unrated: tuple[Reasoned, ...]
    conclusion: str
    proposal: str
    ends_at: datetime | None = None
    yes: int | None = None
    total: int | None = None
    guest_opinions: tuple[Opinion, ...] = ()
    enclosed: bool = False  # the report is a paper of its own
    amended: tuple[str, ...] = ()  # its sections that the meeting has changed
    collective: bool = True  # whether the cell itself was reviewed
    bodies: tuple[BodyReview, ...] = ()  # leadership collectives reviewed for themselves
    body_levels: tuple[SubjectLevels, ...] = ()
    # Levels given where a post of leadership is held, a basis of the cell's.
    as_leaders: tuple[str, ...] = ()
    small_bodies: tuple[str, ...] = ()  # reviewed with the executive: name and number of members
    presenter: Participant | None = None  # of the report
    reviews: tuple[Lines, ...] = ()  # in list order, of those of whom there is something to tell
    of_cases: CaseTalk | None = None  # of a committee's meeting

    @property
    def head(self) -> Head:
        """The head, which is the meeting's."""
        return self.sitting.head

    def label_of(self, code: str) -> str:
        """The whole name of a level."""
        return next(level.label for level in self.levels if level.code == code)


@dataclass(frozen=True)
class CountData:
    """Biên bản kiểm phiếu: every counted poll in full, every void one by name and reason."""

    sitting: Sitting

    @property
    def head(self) -> Head:
        """The head, which is the meeting's."""
        return self.sitting.head
