import assert from "node:assert/strict";
import { test } from "node:test";
import { toggled } from "../src/phrases.ts";
import { found } from "../src/narrowing.ts";
import { heapRadius, heat } from "../src/maprules.ts";
import { fitted } from "../src/fitting.ts";
import { cookie, shown } from "../src/theme.ts";

test("a phrase is added after what was written, and taken out again", () => {
  assert.equal(toggled("", "前后一致"), "前后一致");
  assert.equal(toggled("现场已清。", "前后一致"), "现场已清，前后一致");
  assert.equal(toggled("现场已清，前后一致", "前后一致"), "现场已清");
  assert.equal(toggled("前后一致", "前后一致"), "");
});

test("photos are shrunk to their longest side and never grown", () => {
  assert.deepEqual(fitted(4000, 3000), [1600, 1200]);
  assert.deepEqual(fitted(3000, 4000), [1200, 1600]);
  assert.deepEqual(fitted(800, 600), [800, 600]);
  assert.deepEqual(fitted(100000, 1), [1600, 1]);
});

test("more open cases never give a lighter colour", () => {
  const steps = [0, 1, 2, 3, 5, 6, 9, 10, 500].map(heat);
  assert.deepEqual(steps, [...steps].sort((a, b) => a - b));
  assert.equal(steps[0], 0);
  assert.equal(steps.at(-1), 4);
});

test("the chosen theme wins over the system's", () => {
  const page = (theme?: string) => ({ dataset: theme ? { theme } : {} }) as unknown as HTMLElement;
  assert.equal(shown(page(), true), "dark");
  assert.equal(shown(page("light"), true), "light");
  assert.equal(shown(page("purple"), false), "light");
  assert.match(cookie("dark"), /^theme=dark; path=\/; max-age=\d+; samesite=lax$/);
});

test("two characters narrow a list, every word of the query must stand in it", () => {
  assert.ok(found("占道经营 无照摊点", "占"));
  assert.ok(found("占道经营 无照摊点", " 摊点 "));
  assert.ok(found("Street trading: Stall", "stall street"));
  assert.ok(!found("占道经营 无照摊点", "路灯"));
  assert.ok(!found("占道经营 无照摊点", "摊点 路灯"));
});

test("a heap grows with its cases and stays on the screen", () => {
  assert.ok(heapRadius(2) >= 10);
  assert.ok(heapRadius(100) > heapRadius(10));
  assert.equal(heapRadius(20000), 26);
});
