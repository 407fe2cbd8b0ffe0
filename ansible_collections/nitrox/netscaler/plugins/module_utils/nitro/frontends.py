from __future__ import annotations
from dataclasses import dataclass, field
@dataclass
class Expansion:
    kinds: dict = field(default_factory=dict)
    origins: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
def expand(data):
    return Expansion()
