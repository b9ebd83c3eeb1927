// This phone's own key: made here, never to leave it, and known to the server by its public half.

import { get, put } from "/f/keep.js";
import { alone, call } from "/f/server.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const FRESH_MS = 600_000;

export const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
export const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
export const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

/** The key, and the nonce that the server gave it last; null where the browser can keep no key. */
export async function device() {
  if (!crypto.subtle) return null;
  // Made by one at a time: of two keys, one would sign what nobody has heard of.
  return (await get("things", "device")) ?? alone("flashclaim-device", async () => (await get("things", "device")) ?? made());
}

async function made() {
  try {
    const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
    const point = await crypto.subtle.exportKey("raw", pair.publicKey);
    const own = { key: pair.privateKey, point: base64(point), id: await sha256(point), nonce: null };
    await put("things", "device", own);
    return own;
  } catch {
    return null;
  }
}

/** Make the key known and fetch a fresh nonce: photos that are taken without a signal stand on the last one. */
export async function register() {
  const own = await device();
  if (!own) return;
  const answer = await call(`/farmer/devices/${own.id}`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ public_key: own.point }),
  });
  await put("things", "device", { ...own, nonce: answer.nonce, givenMs: Date.now() });
}

/** Make the key known where it never was: what it signed without a signal is about to be sent. */
export async function introduce() {
  const own = await get("things", "device");
  if (own && !own.nonce) await register();
}

/** A fresh nonce before the next photos, where there is a line: it dates them from below. */
export async function renew() {
  const own = await device();
  if (own && Math.abs(Date.now() - (own.givenMs ?? 0)) > FRESH_MS) await register().catch(() => {});
}

/** Sign bytes with the key. */
export async function sign(key, bytes) {
  return base64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, bytes));
}
