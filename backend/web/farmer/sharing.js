// A link that reads one claim, for family, a village office or a bank; and the claim as whoever holds one sees it.

import { h } from "/f/draw.js";
import { trouble } from "/f/own-word.js";
import { clock, t } from "/f/say.js";
import { call } from "/f/server.js";

function seed() {
  const bytes = crypto.getRandomValues(new Uint8Array(33));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

/** A button that makes a link and hands it on; a link that was made can be ended at once. */
export function sharing(id) {
  const place = h("div", { id: "sharing" });
  const [told, tell] = trouble();
  const share = async () => {
    try {
      const made = await call(`/claims/${id}/links`, { document: { seed: seed() }, key: crypto.randomUUID() });
      // Behind the #: browsers send that part to nobody.
      const address = `${location.origin}/f/c/${id}#link=${made.token}`;
      const end = async () => {
        try {
          await call(`/claims/${id}/links/${made.link}`, { method: "DELETE" });
          place.replaceChildren(h("p", { role: "status" }, t("link_ended")), first());
        } catch (wrong) {
          tell(wrong);
        }
      };
      const field = h("input", { type: "text", readonly: true, id: "link", value: address });
      place.replaceChildren(
        h("label", { for: "link" }, t("link_made", { time: clock(made.ends_at) })), field, told,
        h("button", { class: "tall", onclick: () => handOn(address, field) }, t("link_send")),
        h("button", { class: "tall", id: "end-link", onclick: end }, t("link_end")));
    } catch (wrong) {
      place.append(told);
      tell(wrong);
    }
  };
  const first = () => h("button", { class: "tall", id: "share", onclick: share }, t("share"));
  place.append(first());
  return place;
}

async function handOn(address, field) {
  if (navigator.share) return navigator.share({ title: t("title"), url: address }).catch(() => {});
  field.select();
  await navigator.clipboard?.writeText(address).catch(() => {});
}
