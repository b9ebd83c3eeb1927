// Reporting for a farmer without a phone: the farmer is asked by a code or shows the policy card; then it is a report.

import { bar, h, show } from "/f/draw.js";
import { claimList, ownThings, shortcomings, switches } from "/f/home.js";
import { put } from "/f/keep.js";
import { prepare } from "/f/later.js";
import { begin } from "/f/report.js";
import { t } from "/f/say.js";
import { call, me, SignedOut, signOut } from "/f/server.js";
import { signInScreen, why } from "/f/signing-in.js";
import { ofAgent } from "/f/whose.js";

/** The first screen of whoever reports for farmers. */
export async function agentScreen(agent) {
  const number = h("input", { type: "text", id: "policy", autocapitalize: "characters", autocomplete: "off", maxlength: "40", required: true });
  const advance = h("input", { type: "checkbox", id: "may-agree" });
  const told = h("p", { class: "note", role: "alert" });
  told.hidden = true;
  const ask = async (event) => {
    event.preventDefault();
    const wish = { claim_id: crypto.randomUUID(), policy_number: number.value.trim(), accept_in_advance: advance.checked };
    await codeFor(wish, told, agent);
  };
  const own = h("div", {});
  const listed = h("div", {});
  show([
    bar(null, t("assist"), ...switches()),
    ...shortcomings(),
    h("p", { id: "helper" }, t("you_help", { name: agent.name })),
    own,
    h("form", { class: "card", onsubmit: ask },
      h("h2", {}, t("whose_animal")),
      h("label", { for: "policy" }, t("policy_number")), number,
      h("label", { class: "check", for: "may-agree" }, advance, h("span", {}, t("may_agree"))),
      told,
      h("button", { class: "go" }, t("ask_farmer")),
      h("p", { class: "quiet" }, t("or_card"))),
    h("h2", {}, t("helped_claims")),
    listed,
    h("p", {}, h("button", { class: "small", onclick: async () => { await signOut(); signInScreen(); } }, t("sign_out"))),
  ]);
  await ownThings(own, { agent });
  await refresh(listed);
}

async function refresh(listed) {
  try {
    const found = await call("/claims?limit=20");
    await put("things", "claims", found.claims);
    claimList(listed, found.claims);
    await prepare([]);
  } catch (trouble) {
    if (trouble instanceof SignedOut) signInScreen(t("session_ended"));
  }
}

async function codeFor(wish, told, agent) {
  const request = crypto.randomUUID();
  try {
    await call("/assistances/codes", { document: { ...wish, request } });
    codeScreen({ ...wish, request }, agent);
  } catch (trouble) {
    told.hidden = false;
    told.textContent = why(trouble);
  }
}

function codeScreen(wish, agent) {
  const code = h("input", { type: "text", id: "code", inputmode: "numeric", autocomplete: "off", maxlength: "6", required: true });
  const told = h("p", { class: "note", role: "alert" });
  told.hidden = true;
  const agree = async (event) => {
    event.preventDefault();
    const { claim_id: id, ...said } = wish;
    try {
      await report(id, { ...said, code: code.value.trim() }, agent);
    } catch (trouble) {
      told.hidden = false;
      told.textContent = why(trouble);
    }
  };
  show([
    bar(h("button", { class: "small", onclick: () => agentScreen(agent) }, t("back")), t("farmers_code")),
    h("p", {}, t("farmers_code_how")),
    told,
    h("form", { onsubmit: agree }, h("label", { for: "code" }, t("code")), code, h("button", { class: "go" }, t("next"))),
  ]);
}

/** A farmer's card was shown to the phone of somebody who reports for farmers. */
export async function byFarmersCard(card) {
  const { agent } = await me();
  try {
    await report(crypto.randomUUID(), { card }, agent);
  } catch (trouble) {
    await agentScreen(agent);
    document.getElementById("helper").replaceChildren(h("span", { class: "note", role: "alert" }, why(trouble)));
  }
}

async function report(id, said, agent) {
  const agreed = await call(`/assistances/${id}`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(said),
  });
  await begin(agreed.policy, { id, owner: ofAgent(agent.id), mayAgree: agreed.accept_in_advance });
  await prepare([agreed.policy]).catch(() => {});
}
