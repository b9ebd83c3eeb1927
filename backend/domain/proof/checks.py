"""Every check of an exported claim by name: from the records' own bytes up to the keys that signed."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # JSON of a file from outside
from uuid import UUID

from backend.domain.canonical import digest
from backend.domain.ids import ClaimId, KeyId
from backend.domain.merkle.checkpoint import Checkpoint
from backend.domain.merkle.tree import leaf_hash
from backend.domain.merkle.verifying import includes
from backend.domain.proof.keys import Fits, Key, installation_key, officer_key, unintroduced
from backend.domain.proof.reading import Record, offer_document, read_record
from backend.domain.signatures import Signature
from backend.domain.signed_parts import SignedPart, signed_parts

FORM = "flashclaim/claim-proof/1"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong; ``seq`` where it is with one of the claim's events."""

    what: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it looked at, how many of these, and what is wrong with them."""

    name: str
    looked_at: int
    faults: tuple[Fault, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def checked(
    document: Mapping[str, Any],
    fits: Fits,
    *,
    kept: Callable[[int], bytes | None],
    known: Collection[str] = (),
) -> list[Check]:
    """All checks, in the order in which they rest on one another.

    Args:
        document: The file.
        fits: Checks a signature.
        kept: The leaf hash that somebody kept apart for a place, None where none was kept.
        known: Ids of the installation's keys that whoever asks knows to be right, such as after a key was lost.

    Raises:
        ValueError, KeyError, TypeError: The file is of another form.
    """
    if document["form"] != FORM:
        raise ValueError(f"the form is {document['form']!r}, this version reads {FORM}")
    return _Checking(document, fits, kept, known).all()


class _Checking:
    def __init__(
        self,
        document: Mapping[str, Any],
        fits: Fits,
        kept: Callable[[int], bytes | None],
        known: Collection[str],
    ) -> None:
        self._fits = fits
        self._known = known
        self._kept = kept
        self._claim_id = ClaimId(UUID(document["claim"]["id"]))
        self._entries: Sequence[Mapping[str, Any]] = document["events"]
        self._records: list[Record] = [read_record(one["record"]) for one in self._entries]
        said = document["checkpoint"]
        at = datetime.fromisoformat(said["at"])
        self._checkpoint = Checkpoint(document["installation"], said["size"], said["root"], at)
        self._signature = Signature(KeyId(said["key_id"]), said["signature"])
        self._cosigned: Sequence[Mapping[str, Any]] = document["cosignatures"]
        self._own_keys: Sequence[Mapping[str, Any]] = document["keys"]["installation"]
        self._keys = {one.key_id: one for one in map(installation_key, self._own_keys)}
        self._officers = {one.key_id: one for one in map(officer_key, document["keys"]["officers"])}
        self._offers: Sequence[Mapping[str, Any]] = document["offers"]
        self._evidence: Sequence[Mapping[str, Any]] = document["evidence"]
        self._parts = [
            (record, part)
            for record in self._records
            if record.recorded
            for part in signed_parts(self._claim_id, record.recorded)
        ]

    def all(self) -> list[Check]:
        count = len(self._records)
        return [
            Check("records are what their leaf hashes say", count, (*self._leaves(),)),
            Check("records are the claim's, numbered without a gap", count, (*self._numbers(),)),
            Check("records stand in the log under the checkpoint", count, (*self._places(),)),
            Check("the installation signed the checkpoint", 1, (*self._checkpoint_signed(),)),
            Check(
                "each key of the installation is vouched for", len(self._own_keys), (*self._introductions(),)
            ),
            Check("offices co-signed the checkpoint", len(self._cosigned), (*self._cosignatures(),)),
            *(
                Check(told, len(self._of(what)), tuple(self._signatures(what)))
                for what, told in _SIGNED.items()
            ),
            Check(
                "what was decided on and agreed to is what stood",
                len(self._offers) + len(self._evidence),
                (*self._documents(),),
            ),
        ]

    def _leaves(self) -> Iterator[Fault]:
        for entry, record in zip(self._entries, self._records, strict=True):
            found = leaf_hash(record.text.encode())
            if found.hex() != entry["leaf_hash"]:
                yield Fault("its text has another leaf hash", record.seq)
            kept = self._kept(entry["place"])
            if kept is not None and kept != found:
                yield Fault(f"another record was kept for place {entry['place']} of the log", record.seq)

    def _numbers(self) -> Iterator[Fault]:
        if not self._records:
            yield Fault("there are no records")
        for seq, record in enumerate(self._records, start=1):
            if record.claim_id != self._claim_id:
                yield Fault(f"it is a record of claim {record.claim_id}", record.seq)
            if record.seq != seq:
                yield Fault(f"record {seq} is missing, {record.seq} stands in its place", seq)
                return

    def _places(self) -> Iterator[Fault]:
        for entry, record in zip(self._entries, self._records, strict=True):
            is_in = includes(
                leaf=leaf_hash(record.text.encode()),
                place=entry["place"],
                size=self._checkpoint.size,
                proof=[bytes.fromhex(one) for one in entry["inclusion"]],
                root=bytes.fromhex(self._checkpoint.root),
            )
            if not is_in:
                yield Fault(f"it is not in the log at place {entry['place']}", record.seq)

    def _checkpoint_signed(self) -> Iterator[Fault]:
        made = self._checkpoint
        if not self._own_keys or self._own_keys[0]["key_id"] != made.installation:
            yield Fault("the installation is not named by its first key")
        wrong = _wrong(
            self._keys.get(self._signature.key_id), self._signature, made.document, made.at, self._fits
        )
        if wrong:
            yield Fault(wrong)

    def _introductions(self) -> Iterator[Fault]:
        for stranger in unintroduced(self._own_keys, self._fits):
            if stranger not in self._known:
                yield Fault(f"no earlier key vouches for {stranger}; where it was confirmed: --accept-key")

    def _cosignatures(self) -> Iterator[Fault]:
        for said in self._cosigned:
            given = Signature(KeyId(said["key_id"]), said["signature"])
            key, at = self._officers.get(given.key_id), datetime.fromisoformat(said["at"])
            wrong = _wrong(key, given, self._checkpoint.cosigned_document, at, self._fits)
            if (
                key
                and not wrong
                and (key.officer, key.organisation)
                != (
                    said["officer"],
                    said["organisation"],
                )
            ):
                wrong = f"the key is {key.officer}'s of {key.organisation}"
            if wrong:
                yield Fault(f"{said['organisation']}: {wrong}")

    def _of(self, what: str) -> list[tuple[Record, SignedPart]]:
        return [(record, part) for record, part in self._parts if part.what == what]

    def _signatures(self, what: str) -> Iterator[Fault]:
        for record, part in self._of(what):
            if wrong := self._part_wrong(record, part):
                yield Fault(wrong, record.seq)

    def _part_wrong(self, record: Record, part: SignedPart) -> str | None:
        if part.signature is None:
            signs_since = min((key.begins for key in self._keys.values() if key.begins), default=None)
            is_older = signs_since is not None and record.at < signs_since
            return None if is_older else "it is not signed"
        keys = self._keys if part.by is None else self._officers
        key = keys.get(part.signature.key_id)
        wrong = _wrong(key, part.signature, part.document, record.at, self._fits)
        if wrong or key is None or part.by is None:
            return wrong
        if key.officer != part.by:
            return f"the key is {key.officer}'s, not {part.by}'s"
        if part.lane is not None and (key.lane, key.organisation) != (part.lane, part.organisation):
            return f"the key is of the {key.lane} lane at {key.organisation}, not of {part.lane} at {part.organisation}"
        return None

    def _documents(self) -> Iterator[Fault]:
        offers = {one["offer_hash"]: one["document"] for one in self._offers}
        evidence = {one["evidence_hash"]: one["document"] for one in self._evidence}
        for name, documents in (("offer", offers), ("evidence", evidence)):
            for hashed, document in documents.items():
                if digest(document) != hashed:
                    yield Fault(f"the {name} {hashed:.8} is not what its hash says")
        standing = set[str]()
        for record in self._records:
            if "offer" in record.payload:
                standing.add(digest(offer_document(self._claim_id, record.payload["offer"])))
            for name, documents in (("offer_hash", offers), ("evidence_hash", evidence)):
                wanted = record.payload.get(name)
                if wanted is not None and wanted not in documents:
                    yield Fault(f"the {name.partition('_')[0]} {wanted:.8} is not in the file", record.seq)
            agreed = record.payload.get("offer_hash")
            if agreed is not None and agreed not in standing:
                yield Fault(f"no record before it offers {agreed:.8}", record.seq)


_SIGNED = {
    "decision": "officers signed their decisions",
    "handover": "collectors signed what they took",
    "handover agreed": "the farmer's code was given for each handover",
    "certificate": "inspectors signed the certificates",
    "acceptance": "the farmer's word was given for each acceptance",
    "payout": "the installation signed each payout",
}


def _wrong(key: Key | None, signature: Signature, document: bytes, at: datetime, fits: Fits) -> str | None:
    """What is wrong with a signature that was given then; None: nothing."""
    if key is None:
        return f"the key {signature.key_id:.16} is not in the file"
    if not fits(key.public_key, signature, document):
        return f"the signature is not key {signature.key_id:.16}'s over this"
    if key.was_good(at):
        return None
    if key.ends is not None and at >= key.ends:
        return (
            f"the key {signature.key_id:.16} was revoked at {key.ends:%Y-%m-%d %H:%M} UTC, before it signed"
        )
    return f"the key {signature.key_id:.16} was not good yet when it signed"
