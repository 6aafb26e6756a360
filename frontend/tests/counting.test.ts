import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, fitting } from "../src/counting.ts";

test("only rows that allow the deed are counted, by whole names", () => {
  const rows = ["accept remind", "dispatch transfer remind", "", "redispatch"];
  assert.equal(fitting(rows, "remind"), 2);
  assert.equal(fitting(rows, "dispatch"), 1);
  assert.equal(fitting([], "dispatch"), 0);
});

test("the number stands where the language wants it", () => {
  assert.equal(counted("派遣 {n} 条", 3), "派遣 3 条");
});
