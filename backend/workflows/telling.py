"""From an event to the message: read afresh at every attempt, and the same each time."""

from dataclasses import dataclass, replace

from backend.adapters.notices import Occasion
from backend.domain.claim import Claim
from backend.domain.events import ClaimReported, Recorded
from backend.domain.fold import apply, fold
from backend.domain.ids import ClaimId, OfficerId, effect_id
from backend.domain.notices.channels import FARMER
from backend.domain.notices.news import REJECTED, News, farmer_news, is_stale, office_news
from backend.domain.notices.steps import Promises
from backend.domain.words import Lane
from backend.store import contacts, events, people
from backend.store.contacts import Contact
from backend.store.engine import Transaction
from backend.texts.load import Language
from backend.texts.notices import farmer_text, named, office_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message before it is addressed; ``claim`` as it stood right after the event."""

    claim: Claim
    contact: Contact
    text: str
    language: Language
    key: str
    occasion: Occasion


def told_of(
    connection: Transaction,
    claim_id: ClaimId,
    seq: int,
    audience: str,
    promises: Promises,
    language: Language,
) -> Told | None:
    """What *audience* is told of the claim's event *seq*; None where it is no news, or none any more."""
    history = events.history(connection, claim_id)
    before = fold(history[: seq - 1]) if seq > 1 else None
    recorded = history[seq - 1]
    after = apply(before, recorded)
    if is_stale(recorded, fold(history)):
        return None
    contact = contacts.contact(connection, after.report.policy.farm_id)
    number = after.report.number
    if audience == FARMER:
        reads = Language(contact.language or language)
        news = farmer_news(before, recorded, after, promises)
        if news and after.rejection and news.key == REJECTED:
            by = people.officer(connection, OfficerId(after.rejection.decision.by))
            news = replace(news, facts={**news.facts, "who": named(reads, by.name, by.id)})
        helped = after.report.assistance
        if news and helped and isinstance(recorded.event, ClaimReported):
            who = named(reads, helped.name, helped.assisted_by)
            news = replace(news, facts={**news.facts, "who": who})
        text = farmer_text(reads, number, news, recorded.at) if news else None
    else:
        reads = language
        news = office_news(before, recorded, after, Lane(audience), promises)
        text = office_text(reads, number, news, recorded.at) if news else None
    if news is None or text is None:
        return None
    return Told(
        claim=after,
        contact=contact,
        text=text,
        language=reads,
        # Not the channel's: whoever hears it twice can tell that it is the same.
        key=str(effect_id(claim_id, seq, f"notify-{audience}")),
        occasion=_occasion(before, recorded, after, audience, news, contact),
    )


def _occasion(
    before: Claim | None, recorded: Recorded, after: Claim, audience: str, news: News, contact: Contact
) -> Occasion:
    """For machines: which event, from which state to which, and what comes next."""
    when = news.next.when
    facts: dict[str, object] = {
        "claim_id": str(after.report.claim_id),
        "county": after.report.policy.county,
        "policy_number": after.report.policy.number,
        "audience": audience,
        "seq": recorded.seq,
        "news": news.key,
        "state_before": before.state.value if before else None,
        "state": after.state.value,
        "facts": dict(news.facts),
        "next": news.next.step.value,
        "by": when.at.isoformat() if when and not when.is_opening else None,
        "office_opens": when.at.isoformat() if when and when.is_opening else None,
    }
    if audience == FARMER:
        facts["phone"] = contact.phone
    kind = recorded.event.type.replace("-", "_")
    return Occasion(f"claim.{kind}", recorded.at, facts)
