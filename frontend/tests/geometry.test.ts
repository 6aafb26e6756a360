import assert from "node:assert/strict";
import { test } from "node:test";
import { covers, frameOf, path, project, rings, unproject } from "../src/geometry.ts";

const square = [[[119.9, 31.6], [120.0, 31.6], [120.0, 31.7], [119.9, 31.7], [119.9, 31.6]]];
const holed = [...square, [[119.94, 31.64], [119.96, 31.64], [119.96, 31.66], [119.94, 31.66], [119.94, 31.64]]];

test("a tap gives back the point that was drawn, to 1e-7 of a degree", () => {
  const frame = frameOf(square);
  for (const [lon, lat] of [[119.9123456, 31.6543217], [119.99, 31.601]] as const) {
    const [x, y] = project(frame, lon, lat);
    assert.deepEqual(unproject(frame, x, y), [lon, lat]);
  }
});

test("north is up and a degree of latitude is longer than one of longitude", () => {
  const frame = frameOf(square);
  assert.ok(project(frame, 119.95, 31.69)[1] < project(frame, 119.95, 31.61)[1]);
  assert.ok(frame.perDegreeY > frame.perDegreeX);
  assert.equal(frame.width, 1000);
});

test("a point in a hole is not covered, one in the ring is", () => {
  assert.equal(covers(holed, 119.91, 31.61), true);
  assert.equal(covers(holed, 119.95, 31.65), false);
  assert.equal(covers(holed, 120.1, 31.65), false);
});

test("multipolygons give all their rings, other shapes none", () => {
  assert.equal(rings({ type: "MultiPolygon", coordinates: [square, holed] }).length, 3);
  assert.equal(rings({ type: "Point", coordinates: [1, 2] }).length, 0);
  assert.equal(rings(null).length, 0);
});

test("nothing to draw makes a frame that divides by no zero", () => {
  const frame = frameOf([]);
  assert.ok(project(frame, 120, 31).every(Number.isFinite));
});

test("a path closes each ring", () => {
  assert.equal(path(frameOf(holed), holed).match(/Z/g)?.length, 2);
});
