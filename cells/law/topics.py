"""What the rules are about, as a meeting's page groups them. Pure."""

from cells.law.rules import Rules, Stated

# By the first part of the keys.
TOPICS = {
    "Bỏ phiếu và tỷ lệ để đề nghị": ("base", "threshold", "polls", "min_voters"),
    "Tỷ lệ trần": ("cap",),
    "Hội nghị và kiểm phiếu": (
        "quorum",
        "quorum_warning",
        "min_tellers",
        "min_tellers_paper",
        "min_paper_ballots",
        "clerk_may_count_below",
        "envelope_months",
    ),
    "Chấm điểm và đánh giá": ("score_step", "scoring", "score_gap", "head_limit", "likeness"),
    "Đối tượng": ("subjects", "collectives", "collective_least"),
    "Hạn": ("finish", "deadline", "draft_days"),
}


def by_topic(rules: Rules) -> list[tuple[str, list[Stated]]]:
    """Every rule in force under its topic; a level without a threshold of its own is not stated apart."""
    stated = [rule for rule in rules.stated() if rule.key in rules.origins]
    topics = [
        (topic, [rule for rule in stated if rule.key.partition(".")[0] in keys])
        for topic, keys in TOPICS.items()
    ]
    return [topic for topic in topics if topic[1]]
