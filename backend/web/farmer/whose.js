// Whose a report is that this phone keeps: of whoever acts for its policy, or of the one who reports for others.
// A phone may be handed on: what one person began is neither shown to the next nor sent in their name, and not lost.

import { all, get, names } from "/f/keep.js";

/** The owner's mark of a report that a farmer makes under a policy. */
export const ofPolicy = (number) => `policy ${number}`;

/** The owner's mark of a report that somebody makes for a farmer. */
export const ofAgent = (id) => `agent ${id}`;

const IS_AGENTS = /^agent /;

/**
 * Under which name a report that was begun is kept: one a policy; of whoever reports for others one a farmer's word, which
 * is good for that report alone and may wait for days. Before there were marks there was one.
 */
export const draftName = ({ owner, id }) => (owner ? `draft ${owner}${IS_AGENTS.test(owner) ? ` ${id}` : ""}` : "draft");

/** Whether what is kept is this person's (`me` of server.js). */
export function isOwn(kept, me) {
  const number = kept.body?.policy_number ?? kept.policy?.policy_number;
  const owner = kept.owner ?? (number ? ofPolicy(number) : null);
  // Photos of a claim that were kept before there were marks: the server says whether they are welcome.
  if (owner === null) return true;
  return me.agent ? owner === ofAgent(me.agent.id) : me.policies.some((one) => owner === ofPolicy(one));
}

/** Reports that were begun on this phone. */
export async function drafts() {
  const kept = (await names("things")).filter((name) => /^draft( |$)/.test(name));
  return (await Promise.all(kept.map((name) => get("things", name)))).filter(Boolean);
}

/** What this person has begun and what waits to be sent, and how much of others' waits. */
export async function waiting(me) {
  const begun = await drafts();
  const unsent = (await all("reports")).filter((one) => !one.done);
  const [ownDrafts, ownReports] = [begun, unsent].map((kept) => kept.filter((one) => isOwn(one, me)));
  const others = begun.length + unsent.length - ownDrafts.length - ownReports.length;
  return { drafts: ownDrafts, reports: ownReports, others };
}
