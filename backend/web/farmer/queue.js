// A report on its way, as the farmer sees it: kept, number there, how many photos have arrived, what it waits for.

import { h, show } from "/f/draw.js";
import { get, remove } from "/f/keep.js";
import { go } from "/f/page.js";
import { t } from "/f/say.js";
import { claimOf, isUnannounced, onNews, sendAll, SIGNED_OUT } from "/f/send.js";
import { why } from "/f/signing-in.js";
import { forgetPhotos } from "/f/whose.js";

const facts = (report) => ({ total: report.body.photos.length, received: report.received.length });

/** A few words on one report. */
function standing(report) {
  // Words, where a page of before kept the server's own.
  if (report.refused) return t("not_taken", { reason: typeof report.refused === "string" ? report.refused : why(report.refused) });
  if (isUnannounced(report)) return navigator.onLine ? t("sending") : t("offline");
  return t("photos_received", facts(report));
}

/** A report on the first screen. */
export function queueCard(report) {
  const words = h("p", { role: "status" }, standing(report));
  const heading = h("strong", {}, report.number ? t("sent", { number: report.number }) : t("kept"));
  const card = h("section", { class: "card" }, heading, words,
    report.refused && h("button", { class: "small", onclick: async () => { await remove("reports", report.id); await forgetPhotos(report.body.photos); card.remove(); } }, t("throw_away")),
    h("button", { class: "small", onclick: () => (report.number ? go(`/f/c/${claimOf(report)}`) : queueScreen(report.id)) }, t("see_claim")));
  const end = onNews((news) => {
    if (!card.isConnected) return end();
    if (news?.id !== report.id) return;
    words.textContent = standing(news);
    if (news.number) heading.textContent = t("sent", { number: news.number });
  });
  return card;
}

/** The screen after a report: it stands on the phone, and goes out. */
export async function queueScreen(id) {
  const heading = h("h1", {}, t("kept"));
  const reason = h("p", {}, t("kept_why"));
  const words = h("p", { role: "status", "aria-live": "polite" });
  const much = h("progress", { max: 1, value: 0, "aria-label": t("sending") });
  const onward = h("button", { class: "go", hidden: true, onclick: async () => go(`/f/c/${claimOf(await get("reports", id))}`) }, t("see_claim"));
  const paint = (report) => {
    words.textContent = standing(report);
    if (isUnannounced(report)) return;
    const { total, received } = facts(report);
    heading.textContent = t("sent", { number: report.number });
    reason.textContent = report.done ? t("all_there") : t("kept_why");
    much.max = Math.max(1, total);
    much.value = received;
    onward.hidden = false;
  };
  const end = onNews((report, seconds) => {
    if (report?.id === id) paint(report);
    else if (seconds === SIGNED_OUT) words.textContent = t("session_ended");
    else if (report === null) words.textContent = navigator.onLine ? t("waits", { seconds }) : t("offline");
  });
  show([
    h("div", { class: "card" }, heading, words, much, reason),
    !("serviceWorker" in navigator && "SyncManager" in window) && h("p", { class: "quiet" }, t("stay_open")),
    onward,
    h("button", { class: "tall", onclick: () => go("/f") }, t("home")),
  ], end);
  paint(await get("reports", id));
  sendAll();
}
