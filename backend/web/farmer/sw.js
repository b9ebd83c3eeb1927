// The service worker: the page without a signal, and sending after it was closed, where the browser wakes it for that.

import "/f/offline.js";
import { sendOnce } from "/f/send.js";

self.addEventListener("sync", (event) => {
  // What fails is tried again by the browser, in its own time.
  if (event.tag === "send") event.waitUntil(sendOnce());
});
