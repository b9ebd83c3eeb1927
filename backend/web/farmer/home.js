// The first screen: what has died, the report that was begun, what is on its way, and one's claims.

import { bar, h, show } from "/f/draw.js";
import { get, isLasting, put, remove } from "/f/keep.js";
import { go, later, setting } from "/f/page.js";
import { clock, language, t, yuan } from "/f/say.js";
import { call, clockOffset, isSignedIn, me, noteWho, signOut, SignedOut } from "/f/server.js";
import { callAt, signInScreen } from "/f/signing-in.js";
import { draftName, waiting } from "/f/whose.js";

const FACES = { pig: "pig-fat", cattle: "cattle-grown", sheep: "sheep-large", goat: "goat-large" };

/** Switches that stand on every first screen. */
export function switches() {
  const isCare = document.documentElement.classList.contains("care");
  return [
    h("button", { class: "small", onclick: () => setting("care", !isCare) }, t(isCare ? "care_off" : "care_on")),
    h("button", { class: "small", lang: language === "zh" ? "en" : "zh", onclick: () => setting("language", language === "zh" ? "en" : "zh") }, t("other_language")),
  ];
}

/** What this browser cannot do, in words; each once, above everything else. */
export function shortcomings() {
  const told = [];
  if (!window.isSecureContext) told.push("needs_https");
  if (isLasting === false) told.push("private_mode");
  if (/micromessenger/i.test(navigator.userAgent)) told.push("wechat");
  return told.map((name) => h("p", { class: "note" }, t(name)));
}

export async function homeScreen() {
  if (!(await isSignedIn())) return signInScreen();
  const known = me().catch(withoutLine);
  // Asked beside it: the answer is what a first visit waits for.
  const asked = (await get("things", "who"))?.agent ? known : call("/farmer/policies");
  asked.catch(() => {});
  const who = await known;
  if (who === null) return signInScreen(t("session_ended"));
  if (who.agent) return later((rest) => rest.agentScreen(who.agent));
  const listed = h("div", {});
  const kinds = h("div", { class: "grid" });
  const own = h("div", {});
  const clockNote = h("p", { class: "note", id: "clock", hidden: true });
  show([
    bar(null, t("title"), ...switches()),
    ...shortcomings(),
    clockNote,
    own,
    h("h2", {}, t("what_died")),
    kinds,
    h("h2", {}, t("my_claims")),
    listed,
    h("button", { class: "tall", id: "help", onclick: () => later((rest) => rest.generalHelp(homeScreen)) }, t("help")),
    h("p", {}, h("button", { class: "small", onclick: async () => { await signOut(); homeScreen(); } }, t("sign_out"))),
  ]);
  showKinds(kinds, (await get("things", "policies")) ?? null);
  await ownThings(own, who);
  await refresh(asked, kinds, listed);
  await showClock(clockNote);
}

// Who signed in before there was a word for it, and has no signal now, is known by the policies that were listed.
async function withoutLine(trouble) {
  if (trouble instanceof SignedOut) return null;
  const listed = (await get("things", "policies")) ?? [];
  return { policies: listed.map((one) => one.policy_number) };
}

// Times are the server's, so that a wrong clock costs nothing; whoever looks at this phone should know all the same.
async function showClock(note) {
  const minutes = Math.round((await clockOffset()) / 60_000);
  note.hidden = !minutes;
  note.textContent = minutes ? t(minutes > 0 ? "clock_behind" : "clock_ahead", { minutes: Math.abs(minutes) }) : "";
}

async function refresh(asked, kinds, listed) {
  claimList(listed, await get("things", "claims"));
  try {
    const own = await asked;
    showKinds(kinds, own.policies);
    callAt(own.service_phone);
    await put("things", "policies", own.policies);
    await noteWho({ policies: own.policies.map((one) => one.policy_number) });
    await put("things", "service-phone", own.service_phone);
    const found = await call("/claims?limit=20");
    await put("things", "claims", found.claims);
    claimList(listed, found.claims);
    await later((rest) => rest.prepare(own.policies), { quietly: true });
  } catch (trouble) {
    if (trouble instanceof SignedOut) return signInScreen(t("session_ended"));
    // Without a line the rest is here all the same: kept by the service worker, and what waits goes out once there is one.
    await later(() => {}, { quietly: true }).catch(() => {});
  }
}

function showKinds(place, policies) {
  if (policies === null) return place.replaceChildren(h("p", { class: "quiet" }, t("loading")));
  if (!policies.length) return place.replaceChildren(h("p", { class: "note" }, t("no_policy")));
  const many = policies.length > new Set(policies.map((one) => one.species)).size;
  place.replaceChildren(...policies.map((policy) => h("button", {
    "data-policy": policy.policy_number,
    onclick: () => later((rest) => rest.begin(policy)),
  }, FACES[policy.species] && h("img", { class: "face", alt: "", src: `/static/bands/${FACES[policy.species]}.svg` }), t(policy.species),
    many && h("small", {}, h("br"), `${policy.farm.name} …${policy.policy_number.slice(-4)}`))));
}

/** What this person has begun, what is on its way, and in words that others' reports wait too. */
export async function ownThings(place, who) {
  const { drafts, reports, others } = await waiting(who);
  const draw = (cards) => place.replaceChildren(...[
    ...drafts.map((draft) => h("section", { class: "card" },
      // Of several that were begun, for several farmers.
      who.agent && h("p", {}, `${draft.policy.farm.name} …${draft.policy.policy_number.slice(-4)}`),
      h("button", { class: "go", onclick: () => later((rest) => rest.goOn(draft)) }, t("go_on_with")),
      h("button", { class: "tall", onclick: async () => { await discard(draft); homeScreen(); } }, t("throw_away")))),
    ...cards,
    others > 0 && h("p", { class: "note", id: "others" }, t("others_wait")),
  ].filter(Boolean));
  draw([]);
  if (reports.length) await later((rest) => draw(reports.map(rest.queueCard)), { quietly: true }).catch(() => {});
}

/** Claims as a list that leads to each. */
export function claimList(place, claims) {
  if (!claims) return;
  if (!claims.length) return place.replaceChildren(h("p", { class: "quiet" }, t("no_claims")));
  place.replaceChildren(h("ul", { class: "list" }, claims.map((one) => h("li", {},
    h("a", { class: "row", href: `/f/c/${one.id}`, onclick: (event) => { event.preventDefault(); go(`/f/c/${one.id}`); } },
      h("span", {}, `${t(one.species)} ${t("heads_of", { heads: one.heads })} · ${clock(one.reported_at)}`),
      h("strong", {}, one.paid_at && one.amount ? yuan(one.amount) : t(`state_${one.state.toLowerCase()}`)))))));
}

/** Forget a report that was begun, and its photos. */
export async function discard(draft) {
  await Promise.all(draft.shots.map((shot) => remove("photos", shot.sha256)));
  await remove("things", draftName(draft));
}
