# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What a plan needs of the appliance's features (PROTOCOL 12)."""

from __future__ import annotations

from collections import Counter

from . import catalogue
from .document import Document
from .errors import NitroError
from .observation import Present
from .plan import Plan
from .session import Session
from .value import listed

MAKES = ("create", "update", "bind")


def disabled(session: Session, plan: Plan, document: Document) -> tuple[str, ...]:
    """A note for each feature that is off and stays off, although the plan makes objects of it.

    One request, and only where the plan makes something that needs a feature which the document does not declare. What cannot
    be read is not noted: the appliance warns of it, too, when it is done (1067).
    """
    needing = Counter(catalogue.kind(one.kind).feature for one in plan.changes if one.verb in MAKES and not one.quiet)
    switched = [one for one in document.objects if one.kind.name == "nsfeature" and one.present]
    declared = {word for one in switched for word in one.values.get("feature") or ()}
    needed = {feature: count for feature, count in needing.items() if feature and feature not in declared}
    if not needed:
        return ()
    kind = catalogue.kind("nsfeature")
    try:
        seen = session.read(kind, {})
    except NitroError:
        return ()
    if not isinstance(seen, Present):
        return ()
    on = {str(word).lower() for word in listed(seen.values.get("feature") or ())}
    return tuple(_note(feature, count) for feature, count in needed.items() if feature.lower() not in on)


def _note(feature: str, count: int) -> str:
    what = f"{count} step{'s' * (count != 1)} will be taken and do nothing (1067)"
    return f"feature {feature} is disabled: {what}; declare nsfeature: {{feature: [{feature}]}}"
