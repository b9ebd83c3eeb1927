// One claim: what has happened, who has it now, what was promised, the sum, and what the farmer can do.

import { comingCards, hasVisits } from "/f/coming.js";
import { bar, h, show } from "/f/draw.js";
import { callButton, helpScreen, holderWords, nextWords, rejectionCard } from "/f/help.js";
import { get, put } from "/f/keep.js";
import { moreEvidence } from "/f/more.js";
import { ownWord } from "/f/own-word.js";
import { go } from "/f/page.js";
import { ratingCard } from "/f/rating.js";
import { clock, has, language, t, yuan } from "/f/say.js";
import { call, NoLine, SignedOut } from "/f/server.js";
import { sharing } from "/f/sharing.js";
import { signInScreen, why } from "/f/signing-in.js";

const POLL_MS = 20_000;
const SOON_MS = 4_000;
/** Nothing more happens to it; a bad rating may still be answered. */
const ENDED = new Set(["CLOSED", "REJECTED", "WITHDRAWN"]);
const PAID = new Set(["PAID", "CLOSED"]);

export async function claimScreen(id) {
  const place = h("div", {}, h("p", { class: "quiet" }, t("loading")));
  const life = { over: false, news: null, kept: new Map() };
  const leave = () => {
    life.over = true;
    life.news?.abort();
  };
  show([bar(h("button", { class: "small", onclick: () => go("/f") }, t("back")), t("claim", { number: "" })), place], leave);
  await look(id, place, life);
}

async function look(id, place, life) {
  let seen = null;
  while (!life.over) {
    const read = await reading(id);
    if (life.over) return;
    if (read === null) return signInScreen(t("session_ended"));
    if (read.said) {
      const now = JSON.stringify([read.said.shown.version, read.said.helped.next, read.said.told.notices.length, read.isFresh, read.said.coming?.visits]);
      if (now !== seen) paint(place, read, id, life);
      seen = now;
      if (ENDED.has(read.said.shown.state)) return;
    } else {
      place.replaceChildren(h("p", { class: "note" }, read.trouble));
    }
    const last = read.said?.told.events.at(-1);
    // What the farmer is told of an event follows it by seconds.
    const isTold = !last || read.said.told.notices.at(-1)?.at >= last.at;
    await change(id, last?.seq ?? 0, read.said?.coming?.digest ?? "", isTold ? POLL_MS : SOON_MS, life);
  }
}

// Kept, so that the last known standing is there without a signal, with its time.
async function reading(id) {
  const name = `claim ${id} ${language}`;
  try {
    const shown = await call(`/claims/${id}?language=${language}`);
    const told = await call(`/claims/${id}/timeline?language=${language}`);
    const helped = await call(`/claims/${id}/help?language=${language}`);
    const coming = hasVisits(told) ? await call(`/claims/${id}/visits?language=${language}`) : null;
    const said = { shown, told, helped, at: new Date().toISOString() };
    // Where somebody was stays on no phone.
    await put("things", name, said);
    return { said: { ...said, coming }, isFresh: true };
  } catch (trouble) {
    if (trouble instanceof SignedOut) return null;
    const kept = trouble instanceof NoLine ? await get("things", name) : null;
    return { said: kept?.helped && kept, isFresh: false, trouble: why(trouble) };
  }
}

/** Whether the stream says another word of who is on the way than is shown. */
function isNewVisit(text, digest) {
  const told = text.match(/^event: visit\ndata: .*"digest": "(\w*)"/m);
  return told !== null && told[1] !== digest;
}

/** Wait until something has happened, told by the server's stream; a look now and then where there is none. */
async function change(id, after, digest, most, life) {
  const pause = new Promise((resolve) => setTimeout(resolve, most));
  const stream = new AbortController();
  life.news = stream;
  const heard = (async () => {
    const answer = await call(`/claims/${id}/timeline/stream?after=${after}`, { raw: true, patience: most });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    stream.signal.addEventListener("abort", () => reader.cancel().catch(() => {}));
    for (let text = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return pause;
      text += value;
      if (/^id:/m.test(text) || isNewVisit(text, digest)) return null;
    }
  })().catch(() => pause);
  await Promise.race([heard, pause]);
  stream.abort();
}

/** A part that is made once: what is half filled in outlives the news that come meanwhile. */
function once(life, name, make) {
  if (!life.kept.has(name)) life.kept.set(name, make());
  return life.kept.get(name);
}

function paint(place, { said, isFresh }, id, life) {
  const { shown, told, helped, coming, at } = said;
  const again = () => claimScreen(id);
  document.querySelector("h1").textContent = t("claim", { number: shown.number });
  const sum = shown.payout?.amount ?? shown.offer?.amount;
  const message = told.notices.at(-1);
  const canRate = PAID.has(shown.state) || shown.state === "REJECTED";
  const rating = canRate && once(life, "rating", () => h("div", {}));
  const focused = document.activeElement;
  const word = () => once(life, `word ${shown.offer.offer_hash}`, () => ownWord(id, shown.offer.offer_hash, again));
  const more = () => once(life, `more ${shown.state} ${shown.asked}`, () => moreEvidence(shown, again) ?? "");
  place.replaceChildren(...[
    !isFresh && h("p", { class: "note" }, t("as_of", { time: clock(at) })),
    standing(shown, helped),
    ...(coming && !ENDED.has(shown.state) ? comingCards(coming) : []),
    helped.rejection && rejectionCard(helped),
    rating,
    shown.state === "EVIDENCE_REQUESTED" && more(),
    sum && sumCard(shown, sum, shown.state === "OFFERED" && word()),
    message && h("section", { class: "card" }, h("h2", {}, t("last_message")), h("p", {}, message.text)),
    h("h2", {}, t("what_happened")),
    timelineOf(told.events),
    shown.state !== "EVIDENCE_REQUESTED" && more(),
    h("button", { class: "tall", id: "help", onclick: () => helpScreen(said, again) }, t("help")),
    once(life, "sharing", () => sharing(id)),
  ].filter(Boolean));
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  if (rating && !rating.firstChild) ratingCard(rating, id);
}

function standing(shown, helped) {
  const paid = shown.payout?.paid_at;
  const state = `state_${shown.state.toLowerCase()}`;
  const isOver = ENDED.has(shown.state) || paid;
  return h("section", { class: "card" },
    h("p", { class: "big", id: "state" }, has(state) ? t(state) : shown.state),
    paid ? h("p", {}, t("paid_at", { time: clock(paid) })) : !ENDED.has(shown.state) && h("p", {}, t("promised", { time: clock(shown.due_at) })),
    !isOver && h("div", { id: "holders" }, helped.holders.map((one) => h("p", {}, t("held_now", { who: holderWords(one) })))),
    !isOver && h("p", { id: "next" }, nextWords(helped)),
    h("p", { class: "quiet" }, t("photos_received", { total: shown.photos.length, received: shown.photos.filter((one) => one.received).length })),
    callButton(helped.phone));
}

/** What has happened, the newest first. */
export function timelineOf(events) {
  return h("ul", { class: "list" }, events.toReversed().map((event) => h("li", {}, h("small", { class: "quiet" }, clock(event.at)), h("br"), event.text)));
}

function sumCard(shown, sum, word) {
  const lines = (shown.offer?.lines ?? []).filter((one) => one.working);
  return h("section", { class: "card" },
    h("h2", {}, t("sum")),
    h("p", { class: "big" }, yuan(sum)),
    h("p", {}, t("paid_to", { name: shown.payee.name, last4: shown.payee.account_last4 })),
    lines.length > 0 && h("details", {}, h("summary", {}, t("how_made")), h("ul", { class: "list" }, lines.map((one) => h("li", {}, one.working)))),
    shown.acceptance?.is_current && h("p", { id: "agreed" }, t("agreed")),
    word);
}
