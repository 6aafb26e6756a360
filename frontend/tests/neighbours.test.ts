import assert from "node:assert/strict";
import { test } from "node:test";
import { beside } from "../src/neighbours.ts";

test("a case stands between its neighbours", () => {
  assert.deepEqual(beside(["1", "2", "3"], "2"), { n: 2, all: 3, previous: "1", next: "3" });
});

test("the first has none before it, the last none after it, and another stands nowhere", () => {
  assert.equal(beside(["1", "2"], "1")?.previous, undefined);
  assert.equal(beside(["1", "2"], "2")?.next, undefined);
  assert.equal(beside(["1", "2"], "9"), undefined);
});
