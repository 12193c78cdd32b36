// For Node: the order of what waits to be sent, under random typing, losses and takeovers.

import assert from "node:assert/strict";

import { Queue, bodyOf, meaningOf, pauseAfter } from "../../static/js/queue.js";

const common = { page: "page", account: "account", locale: "en", place: "place", label: "", text: "" };
let count = 0;
const newId = () => `id-${(count += 1)}`;
const textsOf = (entries) => entries.map(({ fields }) => fields.q[0]);
const note = (queue, text, question = "q") => queue.note(question, { q: [text] }, 0, common);

// A text that has not left the page takes the place of the one before; one that has, never.
const queue = new Queue(newId);
note(queue, "T");
note(queue, "Ta");
assert.deepEqual(textsOf(queue.waiting()), ["Ta"]);
for (const entry of queue.batch()) entry.isTried = true;
note(queue, "Tal");
note(queue, "Tall");
assert.deepEqual(textsOf(queue.waiting()), ["Ta", "Tall"]);
assert.deepEqual(queue.entries.map(({ order }) => order), [1, 2]);
assert.equal(new Set(queue.entries.map(({ id }) => id)).size, 2);

// What a page left that is gone comes first, in its order, once; each batch is of one page.
const left = new Queue(newId);
left.note("a", { q: ["1"] }, 0, { ...common, page: "gone" });
left.note("b", { q: ["2"] }, 0, { ...common, page: "gone" });
const reversed = [...left.entries].reverse();
queue.adopt(reversed);
queue.adopt(reversed);
assert.deepEqual(textsOf(queue.batch()), ["1", "2"]);
assert.equal(bodyOf(queue.batch()).page, "gone");
assert.deepEqual(textsOf(queue.batch(1)), ["1"]);
for (const entry of queue.batch()) queue.remove(entry);
assert.deepEqual(textsOf(queue.batch()), ["Ta", "Tall"]);

// An older text that is kept elsewhere under its id is never sent under it with another one.
const [last] = queue.waiting().slice(-1);
const { id } = last;
queue.renew(last);
assert.notEqual(last.id, id);
assert.equal(last.order, 3);

// Large texts go alone.
const large = new Queue(newId);
note(large, "x".repeat(400_000), "a");
note(large, "y".repeat(400_000), "b");
assert.equal(large.batch().length, 1);

// What an answer means, and how long to wait: longer each time, never over a minute, never alike.
const means = { 200: "done", 401: "signed_out", 413: "split", 403: "stopped", 429: "again", 503: "again", 0: "again" };
for (const [status, meaning] of Object.entries(means)) assert.equal(meaningOf(Number(status)), meaning);
assert.equal(meaningOf(409, "conflict"), "again");
assert.equal(meaningOf(409, "submission.wrong_status"), "stopped");
assert.equal(meaningOf(400, "csrf"), "renew");
assert.equal(pauseAfter(1, () => 0), 1000);
assert.equal(pauseAfter(50, () => 1), 60_000);
