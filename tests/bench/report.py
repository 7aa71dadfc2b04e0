"""What a measurement says: ours beside its bound, as a table and as JSON."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """`better`: whether ours should be "higher" or "lower" than the bound; `least` is the ratio asked for."""

    unit: str
    ours: float
    bound: float
    better: str = "lower"
    least: float = 1.0

    @property
    def ratio(self) -> float:
        """Ours ÷ bound."""
        return self.ours / self.bound

    @property
    def holds(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio >= self.least if self.better == "higher" else self.ratio <= self.least


def table(results: dict[str, Result]) -> str:
    """One line per measurement."""
    lines = [f"{'':28}{'ours':>10}{'bound':>10}{'ratio':>8}  {'unit':14}goal"]
    for name, result in results.items():
        sign = "≥" if result.better == "higher" else "≤"
        goal = f"{sign} {result.least:g} {'' if result.holds else '✗'}"
        lines.append(
            f"{name:28}{result.ours:10.2f}{result.bound:10.2f}{result.ratio:8.2f}  {result.unit:14}{goal}"
        )
    return "\n".join(lines)


def write(results: dict[str, Result], path: Path) -> None:
    """Write bench.json: unit, ours, bound, better and ratio of each."""
    content = {
        name: {
            "unit": result.unit,
            "ours": round(result.ours, 4),
            "bound": round(result.bound, 4),
            "better": result.better,
            "ratio": round(result.ratio, 4),
        }
        for name, result in results.items()
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
