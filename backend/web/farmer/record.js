// The capture record of one photo, as docs/phone.md describes it and the server checks it.

import { device, sign } from "/f/device.js";
import { clockOffset, deviceName } from "/f/server.js";

/** Canonical JSON (RFC 8785) of strings, whole numbers, null and objects. */
export function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/**
 * The capture as the manifest carries it, signed now: at the shutter, or later where the phone died in between.
 *
 * `shot` has sha256, bytes, original (sha-256 or null), takenMs, fix (GeolocationPosition-like or null) and exif.
 * Times are the server's, as far as this phone knows them.
 */
export async function capture(shot) {
  const offset = await clockOffset();
  const iso = (ms) => new Date(ms + offset).toISOString();
  const name = deviceName();
  const fix = shot.fix && {
    lon: shot.fix.lon.toFixed(8),
    lat: shot.fix.lat.toFixed(8),
    accuracy_m: shot.fix.accuracy.toFixed(1),
  };
  const made = {
    position: fix && { ...fix, datum: "wgs84", mock: false },
    taken_at: iso(shot.takenMs),
    device: name,
    camera_exif: shot.exif,
  };
  const own = await device();
  if (!own) return made;
  const signedMs = Date.now();
  const record = {
    device_key: own.id,
    nonce: own.nonce,
    signed_at: iso(signedMs),
    original_sha256: shot.original,
    fix_at: fix && iso(shot.fix.at),
    clock_offset_s: Math.round(offset / 1000),
  };
  const document = {
    bytes: shot.bytes,
    camera_exif: shot.exif,
    clock_offset_s: record.clock_offset_s,
    device: name,
    device_key: own.id,
    fix: fix && { ...fix, at_ms: shot.fix.at + offset },
    form: "capture-record-2",
    nonce: own.nonce,
    original_sha256: shot.original,
    sha256: shot.sha256,
    signed_ms: signedMs + offset,
    taken_ms: shot.takenMs + offset,
  };
  record.signature = await sign(own.key, new TextEncoder().encode(canonical(document)));
  return { ...made, record };
}

/** A shot as the manifest names it; one whose phone died before it could sign is signed for now. */
export async function announced(shot) {
  const { sha256, bytes, mediaType = "image/jpeg" } = shot;
  return { sha256, bytes, media_type: mediaType, capture: shot.capture ?? (await capture(shot)) };
}
