"""What led to a claim's path, for ``claim show``: the codes, and one sentence that says so."""

from backend.domain.claim import Claim
from backend.domain.words import HoldKind, Path
from backend.texts.load import Language, Table, sentence


def path_document(claim: Claim, language: Language) -> dict[str, object] | None:
    """Why the claim is FAST, ASSISTED or HOLD; None before triage and without a hold.

    ``codes`` are the doubts that lead to the path, ``others`` those that stand beside a hold, ``cleared`` what a person
    has released: a released claim stays ASSISTED.
    """
    path = claim.path
    if path is None:
        return None
    held = claim.hold(HoldKind.SIGNALS)
    because = list(dict.fromkeys(doubt.code.value for doubt in claim.findings if doubt.holds or not held))
    if held and not because:
        # Set by an officer, or by a payout that found the heads used up.
        because = list(dict.fromkeys(key.partition(":")[0] for key in held.because)) or [held.reason]
    others = [doubt.code.value for doubt in claim.findings if held and doubt.code.value not in because]
    cleared = [] if held else list(dict.fromkeys(key.partition(":")[0] for key in sorted(claim.cleared)))
    facts = {
        "reasons": ", ".join(because),
        "others": ", ".join(dict.fromkeys(others)),
        "cleared": ", ".join(cleared),
    }
    return {
        "codes": [] if path is Path.FAST else because,
        "others": list(dict.fromkeys(others)),
        "cleared": cleared,
        "text": sentence(language, Table.PATH, path, **facts),
    }
