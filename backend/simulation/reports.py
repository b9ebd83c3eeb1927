"""报案 as farmers send it: animals, photos with their places, and now and then a fraud."""

from collections import deque
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from uuid import UUID

from backend.domain.commands import Report
from backend.domain.ids import ClaimId, PhotoId
from backend.domain.parties import Actor
from backend.domain.photos import Capture, FenceFound, PhotoAnnounced
from backend.domain.policy import Animal
from backend.domain.words import ActorKind, Cause, Species, WeightSource
from backend.simulation.county import Kept
from backend.simulation.course import Course, Fraud
from backend.simulation.demand import Demand
from backend.simulation.habits import Habits
from backend.simulation.register import Register
from backend.simulation.seasons import Death
from backend.simulation.sight import scene_found
from backend.size_bands.load import SizePicture, size_pictures
from backend.store.run import body_hash

_CAUSES = ((Cause.DISEASE, Cause.ACCIDENT, Cause.NATURAL_EVENT), (80, 12, 8))
_REMEMBERED = 40
"""Claims of the county whose photos and tags frauds take from."""
_VERSION_7, _VARIANT = 0x7 << 76, 0b10 << 62


class Reports:
    """Makes the county's reports."""

    def __init__(self, county: str, habits: Habits, chance: Random, register: Register) -> None:
        self._county = county
        self._habits = habits
        self._chance = chance
        self._register = register
        self._pigs = 0
        self._earlier: deque[Course] = deque(maxlen=_REMEMBERED)

    def course_of(self, death: Death, farm: Kept) -> Course:
        """The claim that this loss becomes."""
        chance = self._chance
        fraud = self._fraud()
        dead = self._heads(death, farm)
        heads = dead + chance.randint(2, 5) if fraud is Fraud.INFLATED else dead
        occurred_at = death.reported_at - self._noticed_after()
        animals, true_kg = self._animals(farm, heads, dead)
        photos, fences = self._photos(farm, death.reported_at, outside=fraud is Fraud.OUTSIDE)
        victim = chance.choice(self._earlier) if self._earlier else None
        if fraud is Fraud.TAG_TWICE and victim and victim.report.animals[0].tag is None:
            fraud = None
        if fraud is Fraud.REUSED_PHOTO and victim:
            stolen = victim.report.photos[0].photo_id
            fences = {stolen: next(iter(fences.values())), **dict(list(fences.items())[1:])}
            photos = (PhotoAnnounced(stolen, photos[0].bytes, "image/jpeg", photos[0].capture), *photos[1:])
        if fraud is Fraud.TAG_TWICE and victim:
            animals = (_with_tag(animals[0], victim.report.animals[0].tag), *animals[1:])
        report = Report(
            claim_id=_claim_id(death.reported_at, chance),
            policy_number=farm.policy.number,
            species=farm.policy.species,
            heads=heads,
            cause=Cause.DISEASE if death.is_epidemic else chance.choices(*_CAUSES)[0],
            occurred_at=occurred_at,
            animals=animals,
            photos=photos,
            by=Actor(ActorKind.FARMER, farm.policy.number),
            accept_in_advance=chance.random() < self._habits.accepts_in_advance,
        )
        course = Course(
            farm=farm,
            report=report,
            dead=dead,
            weight_kg=true_kg,
            fraud=fraud,
            body_hash=body_hash(report),
            scene=scene_found(chance, self._habits, dead),
            fences=fences,
            demand=Demand(death.reported_at),
        )
        if fraud is Fraud.REUSED_PHOTO and victim:
            self._register.share_photo(photos[0].photo_id, victim, course)
        if fraud is Fraud.TAG_TWICE and victim and animals[0].tag:
            self._register.share_tag(animals[0].tag, victim, course)
        self._earlier.append(course)
        return course

    def more_photos(
        self, farm: Kept, at: datetime
    ) -> tuple[tuple[PhotoAnnounced, ...], dict[str, FenceFound]]:
        """One more photo, as it was asked for."""
        photos, fences = self._photos(farm, at, outside=False)
        return photos[:1], fences

    def _fraud(self) -> Fraud | None:
        drawn, habits = self._chance.random(), self._habits
        shares = (
            (Fraud.REUSED_PHOTO, habits.reuses_photo),
            (Fraud.TAG_TWICE, habits.claims_tag_twice),
            (Fraud.OUTSIDE, habits.stands_outside),
            (Fraud.INFLATED, habits.inflates_heads),
        )
        for kind, share in shares:
            if drawn < share:
                needs_another = kind in {Fraud.REUSED_PHOTO, Fraud.TAG_TWICE}
                return kind if self._earlier or not needs_another else None
            drawn -= share
        return None

    def _heads(self, death: Death, farm: Kept) -> int:
        chance = self._chance
        if farm.policy.species is Species.CATTLE:
            return 1 + (death.is_epidemic and chance.random() < 0.3)  # noqa: PLR2004 - a second one in three
        return chance.choices(
            (1, 2, 3, 5, 8), (10, 20, 30, 25, 15) if death.is_epidemic else (74, 17, 6, 2, 1)
        )[0]

    def _noticed_after(self) -> timedelta:
        if self._chance.random() < self._habits.notices_late:
            return timedelta(hours=self._chance.uniform(50, 90))
        return min(self._habits.notices_after.draw(self._chance), timedelta(hours=40))

    def _animals(self, farm: Kept, heads: int, dead: int) -> tuple[tuple[Animal, ...], Decimal]:
        chance, species = self._chance, farm.policy.species
        animals, true_kg = [], Decimal(0)
        for place in range(1, heads + 1):
            low, high = (22.0, 118.0) if species is Species.PIG else (180.0, 620.0)
            kg = Decimal(str(round(chance.uniform(low, high), 1)))
            if place <= dead:
                true_kg += kg
            picture = None if chance.random() < self._habits.weighs else _picture(species, kg)
            animals.append(
                Animal(
                    str(place),
                    species,
                    tag=self._tag(farm),
                    category=farm.category,
                    weight_kg=picture.weight_kg if picture else kg,
                    weight_source=WeightSource.DECLARED_BAND if picture else WeightSource.SCALE_PHOTO,
                    size_band=picture.band if picture else None,
                )
            )
        return tuple(animals), true_kg

    def _tag(self, farm: Kept) -> str | None:
        if farm.policy.species is Species.CATTLE:
            if farm.next_tag == len(farm.alive):
                return None
            farm.next_tag += 1
            return farm.alive[farm.next_tag - 1]
        self._pigs += 1
        return f"1{self._county}{self._pigs:08d}"

    def _photos(
        self, farm: Kept, at: datetime, *, outside: bool
    ) -> tuple[tuple[PhotoAnnounced, ...], dict[str, FenceFound]]:
        chance = self._chance
        number = chance.choices((1, 2, 3), self._habits.takes_photos)[0]
        photos, fences = [], {}
        position, fence = farm.spot(chance, inside=not outside)
        for place in range(number):
            photo = PhotoId(f"{chance.getrandbits(256):064x}")
            fences[str(photo)] = fence
            capture = Capture(position, at - timedelta(seconds=40 * (number - place)), "simulated phone")
            photos.append(PhotoAnnounced(photo, chance.randint(600_000, 3_500_000), "image/jpeg", capture))
        return tuple(photos), fences


@cache
def _pictures(species: Species) -> tuple[SizePicture, ...]:
    return tuple(one for one in size_pictures() if one.species is species)


def _picture(species: Species, kg: Decimal) -> SizePicture | None:
    fitting = (
        one
        for one in _pictures(species)
        if one.band.from_kg <= kg and (one.band.to_kg is None or kg < one.band.to_kg)
    )
    return next(fitting, None)


def _with_tag(animal: Animal, tag: str | None) -> Animal:
    return Animal(
        animal.ref,
        animal.species,
        tag or animal.tag,
        animal.category,
        animal.weight_kg,
        animal.weight_source,
        animal.age_months,
        animal.size_band,
    )


def _claim_id(at: datetime, chance: Random) -> ClaimId:
    """A UUID of version 7 (RFC 9562 §5.7): ids of one time stand together in an index."""
    ms = int(at.timestamp() * 1000)
    low = chance.getrandbits(74)
    return ClaimId(UUID(int=ms << 80 | _VERSION_7 | (low >> 62) << 64 | _VARIANT | low & (1 << 62) - 1))
