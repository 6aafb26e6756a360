import assert from "node:assert/strict";
import { test } from "node:test";

const { follows } = await import("../src/frame.ts");

test("a letter leads to a page only soon after g", () => {
  assert.equal(follows(1000, 1500, "c"), "c");
  assert.equal(follows(1000, 4000, "c"), "");
  assert.equal(follows(0, 500, "c"), "");
  assert.equal(follows(1000, 1200, "Enter"), "");
});
