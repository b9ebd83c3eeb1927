// The page begins here: language, edition, sign-in by card, and which screen the address asks for.

import { bar, h, show } from "/f/draw.js";
import { homeScreen } from "/f/home.js";
import { get, put } from "/f/keep.js";
import { learn, speak, t } from "/f/say.js";
import { isSignedIn, me } from "/f/server.js";
import { byCard, byToken } from "/f/signing-in.js";

/** Do something with the rest of the page, which is fetched behind the first screen. */
export async function later(work, { quietly = false } = {}) {
  let rest;
  try {
    rest = await import("/f/later.js");
    await learn();
  } catch (trouble) {
    if (quietly) throw trouble;
    // A module whose fetch has failed stays failed until the page is loaded anew.
    return show([bar(null, t("offline")), h("button", { class: "go", onclick: () => location.reload() }, t("again"))]);
  }
  return work(rest);
}

/** Show the screen of the address that the browser is at. */
export function route() {
  const claim = location.pathname.match(/^\/f\/c\/([\w-]+)$/);
  const link = new URLSearchParams(location.hash.slice(1)).get("link");
  if (claim && link) return later((rest) => rest.linkScreen(claim[1], link));
  if (claim) return later((rest) => rest.ownClaimScreen(claim[1]));
  return homeScreen();
}

/** Go to another screen of the page. */
export function go(path) {
  history.pushState({}, "", path);
  return route();
}

function secretInAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  const [card, token] = [said.get("card"), said.get("agent")];
  // Behind the #, so that it was never sent; and out of the address before anybody sees it over a shoulder.
  if (card || token) history.replaceState({}, "", location.pathname);
  return { card, token };
}

/** Sign in with the secret; a card that is shown to somebody who reports for farmers is the farmer's word. */
async function enter({ card, token }) {
  if (token) return byToken(token);
  const helper = (await isSignedIn()) && (await me().catch(() => null))?.agent;
  return helper ? later((rest) => rest.byFarmersCard(card)) : byCard(card);
}

async function begin() {
  const settings = (await get("things", "settings")) ?? {};
  document.documentElement.classList.toggle("care", Boolean(settings.care));
  await speak(settings.language ?? "zh");
  addEventListener("popstate", (event) => event.state?.step === undefined && route());
  const secret = secretInAddress();
  const shown = secret.card || secret.token ? enter(secret) : route();
  // A claim's screen lasts until it is left: it listens for news.
  if (!location.pathname.startsWith("/f/c/")) await shown;
  // A slow line carries nothing else until the screen can be used.
  (window.requestIdleCallback ?? setTimeout)(behind);
}

function behind() {
  import("/f/aloud.js").catch(() => {});
  if (!("serviceWorker" in navigator)) return;
  const scope = { scope: "/f" };
  navigator.serviceWorker.register("/f/sw.js", { ...scope, type: "module" })
    .catch(() => navigator.serviceWorker.register("/f/offline.js", scope))
    .catch(() => {});
}

/** Change a setting and show the screen anew. */
export async function setting(name, value) {
  const settings = { ...(await get("things", "settings")), [name]: value };
  await put("things", "settings", settings);
  document.documentElement.classList.toggle("care", Boolean(settings.care));
  await speak(settings.language ?? "zh");
  return route();
}

begin();
