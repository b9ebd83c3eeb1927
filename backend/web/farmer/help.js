// Help 帮助: where is my claim, what is missing, how was the sum made, how to appeal; answered from the claim's facts.

import { bar, h, show } from "/f/draw.js";
import { get } from "/f/keep.js";
import { clock, has, t, yuan } from "/f/say.js";

/** A number to call, as a button that the phone dials; null where nobody said one. */
export function callButton(phone) {
  return phone ? h("a", { class: "button tall call", href: `tel:${phone.replace(/[^+\d]/g, "")}` }, t("call", { phone })) : null;
}

/** Who has it now, by the names of the offices. */
export function holderWords({ holder, offices, officer }) {
  const role = has(`holder_${holder}`) ? t(`holder_${holder}`) : holder;
  const names = [...offices, officer].filter(Boolean).join(" ");
  return names ? `${role}（${names}）` : role;
}

/** What is gone on with when: the honest clock. */
export function nextWords({ next }) {
  if (next.opens_at) return t("next_at", { time: clock(next.opens_at) });
  return next.by ? t("next_by", { time: clock(next.by) }) : null;
}

/** Who said no, why, and how to appeal; a claim that ended so is never shown without it. */
export function rejectionCard(told) {
  const { by, office, note } = told.rejection;
  return h("section", { class: "card note", id: "rejection" },
    h("p", {}, t("rejected_by", { who: by, office })), note && h("p", {}, t("because", { reason: note })),
    h("p", {}, h("strong", {}, told.appeal)));
}

const missing = (one) => h("li", {}, one.what === "decision"
  ? t("missing_decision", { who: t(`holder_${one.by}`) })
  : t(`missing_${one.what}`, { words: one.words ?? "", count: one.count ?? "" }));

/** Answers about one claim: *shown* and *told* as the claim's screen has them, *helped* from the server. */
export function helpScreen({ shown, helped }, back) {
  const sum = shown.payout?.amount ?? shown.offer?.amount;
  const lines = (shown.offer?.lines ?? []).filter((one) => one.working);
  show([
    bar(h("button", { class: "small", onclick: back }, t("back")), t("help")),
    h("section", { class: "card", id: "where" }, h("h2", {}, t("where_is_it")),
      helped.holders.map((one) => h("p", {}, t("held_now", { who: holderWords(one) }))),
      h("p", {}, helped.next.text), h("p", {}, nextWords(helped))),
    helped.rejection && rejectionCard(helped),
    h("section", { class: "card", id: "missing" }, h("h2", {}, t("what_is_missing")),
      helped.missing.length ? h("ul", { class: "list" }, helped.missing.map(missing)) : h("p", {}, t("nothing_missing"))),
    h("section", { class: "card", id: "made" }, h("h2", {}, t("how_was_it_made")),
      sum ? h("p", { class: "big" }, yuan(sum)) : h("p", {}, t("no_sum_yet")),
      lines.length > 0 && h("ul", { class: "list" }, lines.map((one) => h("li", {}, one.working)))),
    h("section", { class: "card", id: "appeal" }, h("h2", {}, t("how_to_appeal")),
      h("p", {}, t("appeal_sum")), h("p", {}, helped.appeal), h("p", {}, t("appeal_people"))),
    callButton(helped.phone),
  ]);
}

/** Answers for who has no claim open. */
export async function generalHelp(back) {
  show([
    bar(h("button", { class: "small", onclick: back }, t("back")), t("help")),
    ["report", "no_signal", "sum", "no", "code"].map((name) => h("section", { class: "card" },
      h("h2", {}, t(`ask_${name}`)), h("p", {}, t(`answer_${name}`)))),
    callButton(await get("things", "service-phone")),
  ]);
}
