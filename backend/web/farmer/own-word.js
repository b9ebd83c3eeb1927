// The farmer's word on a sum: agreed to by a one-time code, or objected to.

import { h } from "/f/draw.js";
import { t } from "/f/say.js";
import { call } from "/f/server.js";
import { why } from "/f/signing-in.js";

/** A place for a trouble in words, read aloud to those who do not see it. */
export function trouble() {
  const told = h("p", { class: "note", role: "alert", hidden: true });
  return [told, (wrong) => {
    told.hidden = false;
    told.textContent = why(wrong);
  }];
}

/** Agree by the code that was sent for this sum, or say that it is not right; *changed* is called after agreeing. */
export function ownWord(id, offer, changed) {
  const place = h("div", { id: "own-word" });
  const agree = () => {
    const code = h("input", { type: "text", id: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: "6", required: true });
    const [told, tell] = trouble();
    const key = crypto.randomUUID();
    const say = async (event) => {
      event.preventDefault();
      try {
        await call(`/claims/${id}/acceptance`, { document: { code: code.value.trim() }, key: `${key}-${code.value.trim()}` });
        await changed();
      } catch (wrong) {
        tell(wrong);
      }
    };
    const again = () => call(`/claims/${id}/codes`, { document: { purpose: "acceptance" }, key: crypto.randomUUID() }).then(() => {
      told.hidden = false;
      told.textContent = t("code_again");
    }, tell);
    place.replaceChildren(h("form", { onsubmit: say }, h("label", { for: "code" }, t("agree_code")), code, told,
      h("button", { class: "go" }, t("agree")),
      h("button", { class: "tall", type: "button", onclick: again }, t("send_code"))));
    code.focus();
  };
  const object = async () => {
    const [told, tell] = trouble();
    try {
      await call(`/claims/${id}/evidence`, { document: { note: t("dispute_words") }, key: `dispute-${id}-${offer}` });
      place.replaceChildren(h("p", { role: "status", id: "objected" }, t("dispute_sent")));
    } catch (wrong) {
      place.append(told);
      tell(wrong);
    }
  };
  place.append(h("button", { class: "go", id: "agree", onclick: agree }, t("agree")),
    h("button", { class: "tall", id: "object", onclick: object }, t("dispute")));
  return place;
}
