import assert from "node:assert/strict";
import { test } from "node:test";

class Element {
  isContentEditable = false;
  tagName: string;
  constructor(tagName: string) {
    this.tagName = tagName;
  }
}
Object.assign(globalThis, { HTMLElement: Element });
const { typing } = await import("../src/keys.ts");

test("keys rest while somebody types", () => {
  for (const tag of ["INPUT", "SELECT", "TEXTAREA"]) assert.equal(typing(new Element(tag) as never), true);
  assert.equal(typing(new Element("BUTTON") as never), false);
  assert.equal(typing(null), false);
});
