import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, frame, legend, live, mark, short, span, STALE, type Replay, type Snapshot } from "../src/screen/model.ts";
import { clock, course } from "../src/screen/player.ts";

const words = { only_minutes: "{m} min", hours_minutes: "{h} h {m} min", days_hours: "{d} d {h} h" };

test("figures are live until a look fails, and out of date after thirty seconds without one", () => {
  assert.equal(mark(1_000, 6_000, false), "live");
  assert.equal(mark(1_000, 6_000, true), "cut");
  assert.equal(mark(1_000, 1_000 + STALE, true), "stale");
  assert.equal(mark(1_000, 1_000 + STALE, false), "stale");
});

test("a span is told in its two largest units", () => {
  assert.equal(span(59 * 60, words), "59 min");
  assert.equal(span(3 * 3600 + 60, words), "3 h 1 min");
  assert.equal(span(50 * 3600, words), "2 d 2 h");
});

test("a template keeps what it is not given", () => assert.equal(fill("{a} of {b}", { a: 1 }), "1 of {b}"));

test("the legend has as many levels as there are colours, one where nothing is open", () => {
  const said = { none: "none", below: "<{n}", between: "{from}-{to}", above: ">{n}" };
  assert.deepEqual(legend([1.25, 2.5, 12.4], said), ["none", "<1.3", "1.3-2.5", "2.5-12", ">12"]);
  assert.deepEqual(legend([0, 0, 0], said), ["none"]);
});

test("names fit on a map", () => {
  assert.equal(short("青禾社区"), "青禾");
  assert.equal(short("望湖家园与高新公寓联合社区"), "望湖家园与高…");
  assert.equal(short("Qinghe Community"), "Qinghe");
});

const replay: Replay = {
  area: { path: "a/", name: "甲", name_en: "A" }, timezone: "Asia/Shanghai", day: "2026-06-10", paths: ["a/1/", "a/2/"],
  communities: [{ path: "a/", name: "甲", name_en: "A" }], bounds: [1, 2, 4], classes: [["E01", "市容", "Looks", 3]],
  sources: ["resident", "patrol"], came: [1, 2, ...Array<number>(22).fill(0)], went: Array<number>(24).fill(0),
  frames: [
    { seconds: 0, came: 0, went: 0, classes: [0], sources: [0, 0], stages: { reported: [0, 0] }, grids: [], communities: [] },
    { seconds: 4500, came: 2, went: 0, classes: [2], sources: [2, 0], stages: { reported: [2, 1], suspended: [1, 0] },
      grids: [[1, 3, 1, 4]], communities: [[0, 3, 1]] },
  ],
};

test("a frame knows nothing of what is still to come", () => {
  const shown = frame(replay, 1, false);
  assert.deepEqual(shown.hours.came, [1, 1]);
  assert.deepEqual([shown.open, shown.late, shown.hold], [3, 1, 1]);
  assert.deepEqual([...shown.grids], [["a/1/", [0, 0, 0]], ["a/2/", [3, 1, 4]]]);
  assert.deepEqual(shown.sources, [["resident", 2]]);
  assert.equal(shown.slow, null);
  assert.equal(frame(replay, 99, true).communities[0]?.name, "A");
});

test("the present shows the hours up to now on the clock of the place", () => {
  const found = {
    ...replay, places: 1, came: { n: 3, hours: Array<number>(24).fill(1), week: [], week_until_now: 2, classes: [], sources: [] },
    went: { n: 0, hours: Array<number>(24).fill(0) }, stages: { reported: [3, 0] }, grids: {}, communities: [],
    slow: { staff: { held: 1, seats: 2 }, first_answer: null, standing: null }, ended: [],
  } as unknown as Snapshot;
  assert.equal(live(found, Date.UTC(2026, 5, 9, 18, 30), false).hours.came.length, 3);
});

test("a day takes a minute, with less motion an hour at a time, and ends with its last frame", () => {
  const whole = course(97, false), calm = course(97, true);
  assert.ok(whole.each * whole.shown.length <= 60_000 && whole.each * whole.shown.length > 59_000);
  assert.equal(calm.shown.length, 25);
  assert.equal(calm.shown.at(-1), 96);
  assert.equal(course(2, true).shown.at(-1), 1);
  assert.equal(clock(86_400), "24:00");
});
