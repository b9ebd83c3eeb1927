// What is not needed to see the first screen: it is fetched behind it, and is there before anybody taps.

import bands from "/f/bands.js";
import { register } from "/f/device.js";
import { sendAll, wakeOnLine } from "/f/send.js";

export { agentScreen, byFarmersCard } from "/f/agent.js";
export { generalHelp } from "/f/help.js";
export { linkScreen, ownClaimScreen } from "/f/link-view.js";
export { queueCard } from "/f/queue.js";
export { begin, goOn } from "/f/report.js";
export { sendAll } from "/f/send.js";

/** Where the service worker keeps the sizes' pictures too. */
const PICTURES = "flashclaim-bands";

wakeOnLine();
sendAll();

/** Make ready for a report without a signal: this phone's key with a fresh nonce, and the pictures of the sizes. */
export async function prepare(policies) {
  await register();
  const kinds = new Set(policies.map((one) => one.species));
  // Kept here: on the first visit the service worker is not there yet.
  const cache = await globalThis.caches?.open(PICTURES);
  for (const { code } of bands.filter((one) => kinds.has(one.species))) {
    const address = `/static/bands/${code}.svg`;
    if (cache && !(await cache.match(address))) await cache.add(address);
  }
}
