"""Where and when: committees, cells, campaigns and meetings. Knows no person."""

from cells.models.campaigns import Campaign, CampaignQuerySet
from cells.models.closings import Closing
from cells.models.collectives import Collective, CollectiveReport
from cells.models.history import PlaceChange
from cells.models.meetings import (
    AgendaItem,
    InvalidTransition,
    Level,
    Meeting,
    MeetingQuerySet,
)
from cells.models.places import Cell, CellQuerySet, Committee, Setting, SettingQuerySet

__all__ = [
    "AgendaItem",
    "Campaign",
    "CampaignQuerySet",
    "Cell",
    "CellQuerySet",
    "Closing",
    "Collective",
    "CollectiveReport",
    "Committee",
    "InvalidTransition",
    "Level",
    "Meeting",
    "MeetingQuerySet",
    "PlaceChange",
    "Setting",
    "SettingQuerySet",
]
