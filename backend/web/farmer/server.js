// Every request to the server: the farmer's tokens, the server's clock, and refusals as it words them.

import { get, names, put, remove } from "/f/keep.js";

const API = "/api/v1";
const SOON_MS = 30_000;
const PATIENCE_MS = 45_000;

/** The server said no: its problem (RFC 9457) by code, and the number under which its logs have the request. */
export class Refused extends Error {
  constructor(status, problem, retryAfter = 0, trace = "") {
    super(problem.title || `HTTP ${status}`);
    Object.assign(this, { status, code: problem.code, retryAfter, trace });
  }
}

/** There is no session, or not any more. */
export class SignedOut extends Error {}

/** No answer came: no signal, or the server is away. */
export class NoLine extends Error {}

const chains = new Map();

/** Do one thing at a time of a name, also across tabs and the service worker where the browser has Web Locks. */
export function alone(name, work, options = {}) {
  if (navigator.locks) return navigator.locks.request(name, options, work);
  if (options.ifAvailable && chains.has(name)) return work(null);
  const before = chains.get(name) ?? Promise.resolve();
  const mine = before.then(() => work(true), () => work(true));
  const settled = mine.catch(() => {});
  chains.set(name, settled);
  return mine.finally(() => chains.get(name) === settled && chains.delete(name));
}

let offset = null;

/** Milliseconds that this phone's clock is behind the server's. */
export async function clockOffset() {
  offset ??= (await get("things", "offset")) ?? 0;
  return offset;
}

/** Now, as the server counts: a phone's own clock may be years off. */
export const now = async () => Date.now() + (await clockOffset());

async function noteClock(answer, asked) {
  const said = Date.parse(answer.headers.get("date") ?? "");
  if (Number.isNaN(said)) return;
  const found = said - (asked + Date.now()) / 2;
  // A date has whole seconds, and a slow line blurs it: only a clock that is wrong counts.
  offset = Math.abs(found) < 60_000 ? 0 : Math.round(found);
  if (offset !== (await get("things", "offset"))) await put("things", "offset", offset);
}

async function ask(path, options) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), options.patience ?? PATIENCE_MS);
  const asked = Date.now();
  try {
    const answer = await fetch(path.startsWith("http") ? path : API + path, {
      method: options.method ?? "GET",
      headers: options.headers ?? {},
      body: options.body,
      cache: "no-store",
      signal: patience.signal,
    });
    await noteClock(answer, asked);
    if (answer.ok) return options.raw ? answer : await answer.json();
    const problem = await answer.json().catch(() => ({}));
    const trace = answer.headers.get("x-request-id") ?? "";
    throw new Refused(answer.status, problem, Number(answer.headers.get("retry-after")) || 0, trace);
  } catch (trouble) {
    if (trouble instanceof Refused) throw trouble;
    throw new NoLine(String(trouble));
  } finally {
    clearTimeout(timer);
  }
}

function asJson(document) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) };
}

/** Ask as nobody in particular. */
export const askOpenly = (path, document) => ask(path, asJson(document));

async function keepTokens(answer) {
  await put("things", "tokens", {
    access: answer.access_token,
    refresh: answer.refresh_token,
    until: Date.now() + answer.access_seconds * 1000,
    session: answer.session,
  });
}

/** Sign in with a card, with a code, or with the token of whoever reports for farmers: what the server asks for. */
export async function signIn(document) {
  const path = document.token ? "/agents/sessions" : "/farmer/sessions";
  const answer = await askOpenly(path, { ...document, device: deviceName() });
  await forget();
  await alone("flashclaim-tokens", () => keepTokens(answer));
}

// A phone may be handed on: what the server said to one farmer is not shown to the next. Reports that wait stay.
async function forget() {
  const said = (await names("things")).filter((name) => /^(who|policies|claims|claim .*)$/.test(name));
  for (const name of said) await remove("things", name);
}

/** Sign out here; the session ends on the server too, if there is a line. */
export async function signOut() {
  const { session } = (await get("things", "tokens")) ?? {};
  const whose = (await get("things", "who"))?.agent ? "agents" : "farmer";
  if (session) await call(`/${whose}/sessions/${session}`, { method: "DELETE" }).catch(() => {});
  await remove("things", "tokens");
  await forget();
}

const sessionHere = async () => (await get("things", "tokens"))?.session;

/** Who is signed in: the `policies` that a farmer acts for, or the `agent` who reports for farmers. */
export async function me() {
  const session = await sessionHere();
  const kept = await get("things", "who");
  if (kept && kept.session === session) return kept;
  const said = await call("/me");
  return noteWho(said.kind === "farmer" ? { policies: said.policies } : { agent: said.officer }, session);
}

/** Keep who is signed in, with the session that says so: another one's word is not taken for this one's. */
export async function noteWho(found, session) {
  const who = { ...found, session: session ?? (await sessionHere()) };
  await put("things", "who", who);
  return who;
}

export const isSignedIn = async () => Boolean(await get("things", "tokens"));

// A refresh token is good once, and one that comes twice ends the session: the pair is changed by one at a time,
// who looks first whether another tab has changed it meanwhile.
function access(spent = null) {
  return alone("flashclaim-tokens", async () => {
    const held = await get("things", "tokens");
    if (!held) throw new SignedOut();
    if (held.access !== spent && held.until - Date.now() > SOON_MS) return held.access;
    try {
      const answer = await askOpenly("/farmer/sessions/refresh", { refresh_token: held.refresh });
      await keepTokens(answer);
      return answer.access_token;
    } catch (trouble) {
      if (!(trouble instanceof Refused) || trouble.status !== 401) throw trouble;
      await remove("things", "tokens");
      throw new SignedOut();
    }
  });
}

/** Ask with a token that was handed on, such as a link's. */
export const askWith = (token, path) => ask(path, { headers: { Authorization: `Bearer ${token}` } });

/** Ask as the farmer. `document` is sent as JSON, `key` as Idempotency-Key, `body` as it is. */
export async function call(path, options = {}) {
  const sent = options.document === undefined ? {} : asJson(options.document);
  const headers = { ...sent.headers, ...options.headers };
  if (options.key) headers["Idempotency-Key"] = options.key;
  let token = await access();
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask(path, { ...sent, ...options, headers: { ...headers, Authorization: `Bearer ${token}` } });
    } catch (trouble) {
      if (!(trouble instanceof Refused) || trouble.status !== 401) throw trouble;
      if (tries) throw new SignedOut();
      token = await access(token);
    }
  }
}

/** What this phone calls itself: kind and browser, nothing that tells phones apart. */
export function deviceName() {
  const kind = /android/i.test(navigator.userAgent) ? "Android" : /iphone|ipad/i.test(navigator.userAgent) ? "iOS" : "browser";
  const chat = /micromessenger/i.test(navigator.userAgent) ? " WeChat" : "";
  return `${kind}${chat} /f`;
}
