// A claim as whoever was handed a link sees it: how it stands, the sum, what has happened; nothing can be done.

import { claimScreen, timelineOf } from "/f/claim.js";
import { comingCards, hasVisits } from "/f/coming.js";
import { bar, h, show } from "/f/draw.js";
import { go } from "/f/page.js";
import { clock, language, t, yuan } from "/f/say.js";
import { askWith, call, isSignedIn, me, SignedOut } from "/f/server.js";
import { signInScreen, why } from "/f/signing-in.js";

/** The claim of whoever is signed in: the farmer's own, or one that somebody reported for a farmer. */
export async function ownClaimScreen(id) {
  const helper = (await isSignedIn()) && (await me().catch(() => null))?.agent;
  return helper ? readOnly(id, call, "helped_claim", h("button", { class: "small", onclick: () => go("/f") }, t("back"))) : claimScreen(id);
}

export const linkScreen = (id, token) => readOnly(id, (path) => askWith(token, path), "read_only", null);

async function readOnly(id, ask, word, back) {
  const place = h("div", {}, h("p", { class: "quiet" }, t("loading")));
  show([bar(back, t("claim", { number: "" })), place]);
  try {
    const shown = await ask(`/claims/${id}?language=${language}`);
    const told = await ask(`/claims/${id}/timeline?language=${language}`);
    const coming = hasVisits(told) ? await ask(`/claims/${id}/visits?language=${language}`) : { visits: [] };
    const sum = shown.payout?.amount ?? shown.offer?.amount;
    const paid = shown.payout?.paid_at;
    document.querySelector("h1").textContent = t("claim", { number: shown.number });
    place.replaceChildren(
      h("p", { class: "quiet", id: "read-only" }, t(word)),
      h("section", { class: "card" },
        h("p", { class: "big", id: "state" }, t(`state_${shown.state.toLowerCase()}`)),
        h("p", {}, `${shown.farm.name} · ${t(shown.species)} · ${t("heads_of", { heads: shown.heads_assessed ?? shown.heads_claimed })}`),
        h("p", {}, paid ? t("paid_at", { time: clock(paid) }) : t("promised", { time: clock(shown.due_at) })),
        sum && h("p", { class: "big" }, yuan(sum))),
      ...comingCards(coming),
      h("h2", {}, t("what_happened")),
      timelineOf(told.events));
  } catch (trouble) {
    if (trouble instanceof SignedOut) return signInScreen(t("session_ended"));
    place.replaceChildren(h("p", { class: "note", role: "alert" }, trouble.status === 401 ? t("link_over") : why(trouble)));
  }
}
