// Sends what waits, in its order and one request at a time; waits longer after each failure.

import { MOST, bodyOf, meaningOf, pauseAfter } from "./queue.js";

const PATIENCE = 30_000; // milliseconds for an answer on a poor line
const LOOK_AGAIN = 30_000; // where somebody has to sign in, or the draft is not open
const MOST_ON_LEAVING = 60_000; // bytes that browsers send for a page that is gone

export class Sender {
  // owner: keep(entry), forget(entry), answered(entry, told, body), renewed(), show()
  constructor(queue, root, owner) {
    Object.assign(this, { queue, owner });
    this.address = root.dataset.operations;
    this.token = root.dataset.csrf;
    this.most = MOST; // operations in one request
    this.failures = 0;
    this.trouble = ""; // offline, unreachable, signed_out or stopped
    this.sentence = ""; // of the server, where it is stopped
  }

  push() {
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  async run() {
    this.hasRenewed = false;
    this.most = MOST;
    for (let batch = this.queue.batch(this.most); batch.length; batch = this.queue.batch(this.most)) {
      const answer = await this.send(batch);
      const meaning = meaningOf(answer.status, answer.body?.code);
      if (meaning === "done" && !this.take(batch, answer.body)) return this.fail(answer, "again");
      if (meaning === "done") this.owner.show();
      else if (meaning === "split") await this.split(batch, answer);
      else if (meaning !== "renew" || this.hasRenewed || !(await this.renew())) return this.fail(answer, meaning);
    }
  }

  async send(batch) {
    for (const entry of batch) entry.isTried = true;
    await Promise.all(batch.map((entry) => this.owner.keep(entry)));
    return request(this.address, { ...this.how(batch), signal: AbortSignal.timeout(PATIENCE) });
  }

  how(batch) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    return { method: "POST", headers, body: JSON.stringify(bodyOf(batch)) };
  }

  // Send what it can while the page is taken away; nobody hears the answer.
  leave() {
    const batch = this.queue.batch();
    if (!batch.length) return;
    const how = this.how(batch);
    if (how.body.length < MOST_ON_LEAVING) fetch(this.address, { ...how, keepalive: true }).catch(() => {});
  }

  // Return whether every operation was answered.
  take(batch, body) {
    this.recover();
    const answered = new Map(body.operations.map((told) => [told.id, told]));
    for (const entry of batch) {
      if (answered.has(entry.id)) this.settle(entry, answered.get(entry.id), body);
    }
    return batch.every(({ id }) => answered.has(id));
  }

  settle(entry, told, body) {
    if (told.result === "applied" || told.result === "same") {
      this.queue.remove(entry);
      this.owner.forget(entry);
    } else {
      Object.assign(entry, { state: told.result, sentence: told.sentence ?? "", version: told.version });
      entry.theirs = told.answers.find(({ question }) => question === entry.question) ?? null;
      this.owner.keep(entry);
    }
    this.owner.answered(entry, told, body);
  }

  // Send smaller parts; where one alone is not taken, it holds up no other.
  async split(batch, { status, body }) {
    this.most = batch.length > 1 ? Math.ceil(batch.length / 2) : MOST;
    if (batch.length > 1) return;
    const [entry] = batch;
    Object.assign(entry, { state: "refused", sentence: status === 413 ? "too_long" : body?.detail ?? "" });
    await this.owner.keep(entry);
  }

  async renew() {
    this.hasRenewed = true;
    return this.owner.renewed();
  }

  fail({ status, body, wait }, meaning) {
    this.failures += 1;
    this.trouble = troubleOf(status, meaning);
    this.sentence = body?.detail ? `${body.title}. ${body.detail}` : "";
    const isWorthIt = this.trouble === "offline" || this.trouble === "unreachable";
    this.later(wait || (isWorthIt ? pauseAfter(this.failures) : LOOK_AGAIN));
    this.owner.show();
  }

  recover() {
    const hadTrouble = this.trouble;
    Object.assign(this, { failures: 0, trouble: "", sentence: "" });
    if (hadTrouble === "signed_out") this.owner.signedIn();
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.push(), pause);
  }
}

export function troubleOf(status, meaning) {
  if (meaning === "signed_out" || meaning === "stopped") return meaning;
  return status === 0 && !navigator.onLine ? "offline" : "unreachable";
}

// Return {status, body, wait}; status 0 where no answer of ours came.
export async function request(address, how = {}) {
  try {
    const answer = await fetch(address, { redirect: "error", cache: "no-store", ...how });
    const isOurs = answer.headers.get("Content-Type")?.includes("json");
    const wait = 1000 * (Number(answer.headers.get("Retry-After")) || 0);
    const status = answer.ok && !isOurs ? 0 : answer.status;
    return { status, body: isOurs ? await answer.json() : null, wait };
  } catch {
    return { status: 0, body: null, wait: 0 };
  }
}
