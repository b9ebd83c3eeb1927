// A claim as whoever was handed a link sees it: how it stands, the sum, what has happened; nothing can be done.

import { timelineOf } from "/f/claim.js";
import { bar, h, show } from "/f/draw.js";
import { clock, language, t, yuan } from "/f/say.js";
import { askWith } from "/f/server.js";
import { why } from "/f/signing-in.js";

export async function linkScreen(id, token) {
  const place = h("div", {}, h("p", { class: "quiet" }, t("loading")));
  show([bar(null, t("claim", { number: "" })), place]);
  try {
    const shown = await askWith(token, `/claims/${id}?language=${language}`);
    const told = await askWith(token, `/claims/${id}/timeline?language=${language}`);
    const sum = shown.payout?.amount ?? shown.offer?.amount;
    const paid = shown.payout?.paid_at;
    document.querySelector("h1").textContent = t("claim", { number: shown.number });
    place.replaceChildren(
      h("p", { class: "quiet", id: "read-only" }, t("read_only")),
      h("section", { class: "card" },
        h("p", { class: "big", id: "state" }, t(`state_${shown.state.toLowerCase()}`)),
        h("p", {}, `${shown.farm.name} · ${t(shown.species)} · ${t("heads_of", { heads: shown.heads_assessed ?? shown.heads_claimed })}`),
        h("p", {}, paid ? t("paid_at", { time: clock(paid) }) : t("promised", { time: clock(shown.due_at) })),
        sum && h("p", { class: "big" }, yuan(sum))),
      h("h2", {}, t("what_happened")),
      timelineOf(told.events));
  } catch (trouble) {
    place.replaceChildren(h("p", { class: "note", role: "alert" }, trouble.status === 401 ? t("link_over") : why(trouble)));
  }
}
