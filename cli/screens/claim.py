"""One claim on one screen: what is doubted, what it comes to, who has decided, what is missing."""

from collections.abc import Iterator
from typing import Any  # the claim's document, as the API sends it

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from backend.domain.words import Verdict
from backend.texts.load import Language, raw_tables
from cli.screens.assessments import change_lines
from cli.screens.assessments import headline as assessed
from cli.screens.labels import COLOURS, label, next_step
from cli.screens.writing import clock, coloured, how_long, money, seconds_until, text

_OVER = frozenset({"PAID", "CLOSED", "REJECTED", "WITHDRAWN"})
_MOST_LINES = 4

Row = tuple[str, RenderableType]


def claim_screen(shown: dict[str, Any], language: Language) -> RenderableType:
    """The whole claim; to whoever reported it for the farmer, as little as the server tells them."""
    if "path" not in shown:
        return headline(shown, language)
    rows = [*_loss(shown, language), *_judgement(shown, language), *_money(shown, language)]
    return Group(headline(shown, language), _grid(rows, language))


def review_facts(shown: dict[str, Any], language: Language) -> RenderableType:
    """The part of a claim that a decision rests on."""
    return _grid([*_loss(shown, language), *_judgement(shown, language)], language)


def headline(shown: dict[str, Any], language: Language) -> Text:
    """Number, state, path and promise in one line."""
    line = Text.assemble((shown["number"], "bold"), "  ", coloured(shown["state"]))
    if shown.get("path"):
        line.append("  ").append_text(coloured(shown["path"]))
    if shown["state"] not in _OVER:
        left = seconds_until(shown["due_at"])
        word, style = ("due", "dim") if left > 0 else ("late", "bold red")
        line.append(f"  {label(word, language)} {clock(shown['due_at'])} ({how_long(abs(left))})", style)
    return line


def _grid(rows: list[Row], language: Language) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(label(name, language), value)
    return grid


def _loss(shown: dict[str, Any], language: Language) -> Iterator[Row]:
    farm = shown["farm"]
    yield "farm", text(f"{farm['name']} ({farm['id']}), {shown['policy_number']}")
    yield "loss", _loss_line(shown, language)
    yield "count", _heads(shown, language)
    yield "animals", _lines([_animal(one) for one in shown["animals"]]) if shown["animals"] else text("-")
    yield "photos", _photos(shown, language)
    if shown.get("photos_may_teach"):
        yield "teaching", text(label("may teach", language))
    if shown["fence"]:
        yield "fence", _fence(shown["fence"], language)
    for note in shown["notes"]:
        yield "notes", text(note)


def _judgement(shown: dict[str, Any], language: Language) -> Iterator[Row]:
    for hold in shown["holds"]:
        yield "holds", Text.assemble((hold["kind"], "red"), "  ", text(hold["reason"]))
    yield from _reasons(shown["reasons"], language)
    because = shown.get("path_because")
    if because and (because["others"] or because["cleared"]):
        yield "path", text(because["text"])
    if shown["path"] and not shown["reasons"]:
        yield "reasons", text(label("clean", language), "green")
    if shown["offer"]:
        yield "offer", _offer(shown["offer"], language)
        price = (shown["offer"].get("basis") or {}).get("market_price")
        if price:
            yield "market price", text(_market_price(price))
    if shown.get("assessments"):
        yield "assessment", _assessment(shown["assessments"], language)
    yield "lanes", _lanes(shown["lanes"], language)
    if waits := shown.get("rejection_waits"):
        said = f"{waits['reason_code']}: {waits['note']} ({waits['by']})"
        yield "rejection", text(f"{said}, flashclaim approval approve {waits['proposal']}", "yellow")
    if shown.get("recused"):
        yield "recused", text(", ".join(shown["recused"]))
    for one in shown.get("clocks") or ():
        yield "clock", _clock(one, language)


def _reasons(reasons: list[dict[str, Any]], language: Language) -> Iterator[Row]:
    for reason in reasons:
        if reason.get("answered"):
            line = text(f"{reason['code']}  {label('answered', language)}", "dim")
        else:
            line = Text.assemble((reason["code"], "yellow"), "  ", text(reason["text"]))
        yield "reasons", line


def _money(shown: dict[str, Any], language: Language) -> Iterator[Row]:
    if helped := shown.get("assisted_by"):
        yield (
            "assisted_by",
            text(f"{helped['name']} ({helped['officer']}, {helped['organisation']})", "yellow"),
        )
    if shown["asked"]:
        yield "asked", text(shown["asked"])
    if shown["rejection"]:
        said = shown["rejection"]
        yield "rejection", text(f"{said['reason_code']}: {said['note']} ({said['by']}, {clock(said['at'])})")
    accepted = shown["acceptance"]
    if accepted and accepted["is_current"]:
        yield (
            "acceptance",
            text(f"{label('accepted', language)} {clock(accepted['at'])}, {accepted['method']}"),
        )
    if shown["handover"]:
        yield "handover", _handover(shown["handover"])
    if shown["certificate"]:
        paper = shown["certificate"]
        yield "certificate", text(f"{paper['certificate_number']}, {paper['issued_by']}")
    payee = shown["payee"]
    to = f"{payee['name']}, {label('account', language)}{payee['account_last4']}"
    if shown["payout"]:
        paid = shown["payout"]
        reason = f" ({paid['reason']})" if paid["reason"] else ""
        yield (
            "payout",
            Text.assemble(coloured(paid["state"]), text(f"  {money(paid['amount'])} → {to}{reason}")),
        )
    else:
        yield "payout", text(f"→ {to}")
    yield "next", text(next_step(shown, language), "bold")


def _heads(shown: dict[str, Any], language: Language) -> Text:
    scene = shown["count"]
    if scene and scene["count"] is not None and "text" in scene:
        line = text(scene["text"], "" if scene["verdict"] == Verdict.AGREE else "yellow")
    else:
        line = text(f"{label('claimed', language)} {shown['heads_claimed']}")
        if scene and scene["unsure"]:
            line.append(f" · {label('unsure', language)}", "yellow")
    if shown["heads_assessed"] != shown["heads_claimed"]:
        line.append(f" · {label('assessed', language)} {shown['heads_assessed']}")
    return line


def _loss_line(shown: dict[str, Any], language: Language) -> Text:
    words = (label(shown[fact], language) for fact in ("species", "cause"))
    return text(", ".join((*words, clock(shown["occurred_at"]))))


def _animal(one: dict[str, Any]) -> str:
    weight = f"{one['weight_kg']} kg" if one["weight_kg"] else "? kg"
    given = one.get("size_band") or one.get("weight_source")
    weight = f"{weight} ({given})" if given and one["weight_kg"] else weight
    facts = (one["tag"], one["category"], weight, one["age_months"] and f"{one['age_months']} months")
    return f"{one['ref']}: {', '.join(str(fact) for fact in facts if fact)}"


def _photos(shown: dict[str, Any], language: Language) -> Text:
    lines = []
    for photo in shown["photos"]:
        if not photo["received"]:
            facts = [label("missing", language)]
        elif photo["error"]:
            facts = [photo["error"]["title"]]
        else:
            counted = "" if photo["count"] is None else f"{label('counted', language)} {photo['count']}"
            grade = photo["location_grade"] and f"GPS {photo['location_grade']}"
            given = photo.get("label")
            said = given and f"{label('labelled', language)} {given['heads']}"
            facts = [fact for fact in (counted, said, grade, *photo["signals"]) if fact]
        lines.append(f"{photo['sha256'][:8]}  {', '.join(facts)}")
    return _lines(lines) if lines else text("-")


def _fence(fence: dict[str, Any], language: Language) -> Text:
    line = coloured(fence["decision"])
    metres = fence["distance_m"]
    if metres is not None:
        side = label("inside" if metres >= 0 else "outside", language)
        way = f", {label(fence['direction'], language)}" if metres < 0 and fence["direction"] else ""
        where = side.format(metres=f"{abs(metres):,.0f}", premises=fence["premises"])
        line.append_text(text(f"  {where}{way}"))
    if fence["accuracy_m"]:
        line.append(f", ±{fence['accuracy_m']:.0f} m", "dim")
    if fence["signals"]:
        line.append_text(text(f"  {', '.join(fence['signals'])}", "yellow"))
    return line


def _offer(offer: dict[str, Any], language: Language) -> Text:
    whole = Text.assemble((money(offer["amount"]), "bold"), f"  {offer['product']}")
    if not offer["complete"]:
        whole.append(f"  {label('incomplete', language)}", "yellow")
    if not offer["covered"]:
        whole.append(f"  {label('out of cover', language)}", "yellow")
    lines = [
        f"{line['ref']}: {_working(line, language)}{''.join(f' [{code}]' for code in line['codes'])}"
        for line in offer["lines"]
    ]
    return Text("\n").join([whole, _lines(lines)]) if lines else whole


def _working(line: dict[str, Any], language: Language) -> str:
    chinese = line.get("working_zh") if language is Language.ZH else None
    return str(chinese or line["working"])


def _market_price(price: dict[str, Any]) -> str:
    origin = f"{price['county']}, {price['week']}, {price['source']} ({price['published_on']})"
    return f"{price['per_kg']}/kg, {origin}"


def _assessment(all_told: list[dict[str, Any]], language: Language) -> Text:
    """The last assessment with what it changed; how many there were before it."""
    told = all_told[-1]
    earlier = f" (+{len(all_told) - 1})" if len(all_told) > 1 else ""
    return Text("\n").join(
        [text(f"{assessed(told, language)}{earlier}"), _lines(list(change_lines(told, language)))]
    )


def _lanes(lanes: dict[str, Any], language: Language) -> Text:
    told = []
    for lane, record in lanes.items():
        word = label("asked_lane" if record["state"] == "asked" else record["state"], language)
        line = text(f"{label(lane, language)}: ").append_text(text(word, COLOURS.get(record["state"], "")))
        if record["by"]:
            said = ": ".join(str(part) for part in (record["reason_code"], record["note"]) if part)
            place = f" ({label('for', language)} {record['for']})" if record.get("for") else ""
            line.append_text(
                text(f", {record['by']}{place} {clock(record['at'])}{f', {said}' if said else ''}")
            )
        if record.get("void"):
            line.append_text(text(f"  {record['void']}", "yellow"))
        if record.get("delegated"):
            line.append_text(text(f"  → {record['delegated']['to']}", "dim"))
        told.append(line)
    if all(record["by"] is None for record in lanes.values()):
        return Text(" · ").join(told)
    return Text("\n").join(told)


def _clock(one: dict[str, Any], language: Language) -> Text:
    name = raw_tables(language)["words"].get(one["clock"], one["clock"])
    if one["paused"]:
        return text(f"{name}: {label('paused', language)}", "dim")
    left = seconds_until(one["due_at"])
    style = "bold red" if left <= 0 else "yellow" if seconds_until(one["at_risk_at"]) <= 0 else ""
    word = label("late" if left <= 0 else "due", language)
    return text(f"{name}: {word} {clock(one['due_at'])} ({how_long(abs(left))})", style)


def _handover(handover: dict[str, Any]) -> Text:
    facts = f"{handover['receipt_number']}, {handover['heads']} heads, {handover['weight_kg']} kg"
    line = text(f"{facts}, {handover['collector']} {clock(handover['handed_over_at'])}")
    for gap in handover["gaps"]:
        line.append(f"  {gap}", "yellow")
    return line


def _lines(lines: list[str]) -> Text:
    """At most a few lines, and how many more there are."""
    more = len(lines) - _MOST_LINES
    kept = lines if more <= 1 else [*lines[:_MOST_LINES], f"… +{more}"]
    return text("\n".join(kept))
