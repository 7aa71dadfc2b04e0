"""What the cap is in a committee for one period, and by which groups it counts."""

from dataclasses import dataclass

from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.law.post_groups import PostGroups
from cells.law.posts import LeaderPosts
from cells.law.raised_caps import RaisedCap, raised_cap
from cells.law.rules import Rules
from cells.models import Campaign, Committee, Setting


@dataclass(frozen=True)
class Room:
    """The rules in force, and to what the cap may be raised (None: it may not)."""

    rules: Rules
    raised: RaisedCap | None

    @classmethod
    def load(cls, committee: Committee, period: Period) -> "Room":
        """As the committee and those above it have set them; two queries."""
        campaign = Campaign.objects.reaching(committee).of(period).first()
        version = (
            campaign.pack if campaign else Campaign.objects.pack_for(committee, period.serving)
        )
        pack = load_pack(version)
        layers = Setting.objects.layers(committee)
        rules = Rules.from_pack(pack, campaign.settings if campaign else {}, layers)
        return cls(rules, raised_cap(version, rules.cap.percent))

    @property
    def groups(self) -> PostGroups:
        """The list in force."""
        return self.rules.post_groups

    @property
    def leaders(self) -> LeaderPosts:
        """Which posts outside a cell's executive count as leadership."""
        return self.rules.leader_posts
