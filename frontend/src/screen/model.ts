// What the screen is sent, and what it shows of it. Pure: the page's controllers only draw.
export type Counted = [open: number, late: number];
export type Class = [code: string, name: string, nameEn: string, n: number];
export interface Place { path: string; name: string; open: number; late: number }
export interface Ended { name: string; name_en: string; place: string; place_en: string; closed_at: number; seconds: number; photos: string | null }
export interface Standings { period: string; published: boolean; rows: { rank: number; name: string; name_en: string; share: string }[] }

export interface Snapshot {
  area: { path: string; name: string; name_en: string };
  timezone: string;
  day: string;
  places: number;
  came: { n: number; hours: number[]; week: number[]; week_until_now: number; classes: Class[]; sources: [string, number][] };
  went: { n: number; hours: number[] };
  stages: Record<string, Counted>;
  grids: Record<string, [open: number, late: number, level: number]>;
  bounds: [number, number, number];
  communities: [path: string, name: string, nameEn: string, open: number, late: number][];
  slow: { staff: { held: number; seats: number }; first_answer: number | null; standing: Standings | null };
  ended: Ended[];
}

export interface Replay {
  area: Snapshot["area"];
  timezone: string;
  day: string;
  paths: string[];
  communities: { path: string; name: string; name_en: string }[];
  bounds: [number, number, number];
  classes: Class[];
  sources: string[];
  came: number[];
  went: number[];
  frames: {
    seconds: number; came: number; went: number; classes: number[]; sources: number[];
    stages: Record<string, Counted>; grids: [which: number, open: number, late: number, level: number][];
    communities: [which: number, open: number, late: number][];
  }[];
}

/** One state of the screen, live or replayed. What a replay does not know is null. */
export interface View {
  timezone: string;
  came: number;
  before: number | null;
  went: number;
  open: number;
  late: number;
  hold: number;
  stages: [state: string, open: number, late: number][];
  hours: { came: number[]; went: number[]; week: number[]; all: number };
  classes: Class[];
  sources: [string, number][];
  grids: Map<string, [open: number, late: number, level: number]>;
  bounds: [number, number, number];
  communities: Place[];
  slow: Snapshot["slow"] | null;
  ended: Ended[] | null;
}

function sums(stages: Record<string, Counted>) {
  const rows = Object.entries(stages).map(([state, [open, late]]): [string, number, number] => [state, open, late]);
  return {
    stages: rows,
    open: rows.reduce((sum, row) => sum + row[1], 0),
    late: rows.reduce((sum, row) => sum + row[2], 0),
    hold: stages["suspended"]?.[0] ?? 0,
  };
}

/** The hour of a moment on the clock of a place. */
export function hourAt(moment: number, timezone: string): number {
  return Number(new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: timezone }).format(moment));
}

export function live(found: Snapshot, now: number, english: boolean): View {
  const until = hourAt(now, found.timezone) + 1;
  return {
    timezone: found.timezone, came: found.came.n, before: found.came.week_until_now, went: found.went.n, ...sums(found.stages),
    hours: {
      came: found.came.hours.slice(0, until), went: found.went.hours.slice(0, until), week: found.came.week,
      all: found.came.hours.length,
    },
    classes: found.came.classes, sources: found.came.sources, grids: new Map(Object.entries(found.grids)), bounds: found.bounds,
    communities: found.communities.map(([path, name, nameEn, open, late]) => ({ path, name: english ? nameEn : name, open, late })),
    slow: found.slow, ended: found.ended,
  };
}

/** A frame of a replay: hours that have not come yet are left out, the present one grows. */
export function frame(found: Replay, at: number, english: boolean): View {
  const shown = found.frames[Math.max(0, Math.min(at, found.frames.length - 1))]!;
  const hour = Math.floor(shown.seconds / 3600);
  const grown = (hours: number[], sum: number) => {
    const before = hours.slice(0, hour);
    return [...before, ...(hour < hours.length ? [sum - before.reduce((all, n) => all + n, 0)] : [])];
  };
  const counts = new Map(shown.communities.map(([which, open, late]) => [which, { open, late }]));
  const communities = found.communities.map((one, which) => ({
    path: one.path, name: english ? one.name_en : one.name, ...(counts.get(which) ?? { open: 0, late: 0 }),
  }));
  return {
    timezone: found.timezone, came: shown.came, before: null, went: shown.went, ...sums(shown.stages),
    hours: { came: grown(found.came, shown.came), went: found.went.slice(0, hour + 1), week: [], all: found.came.length },
    classes: found.classes.map(([code, name, nameEn], which) => [code, name, nameEn, shown.classes[which] ?? 0]),
    sources: found.sources.map((code, which): [string, number] => [code, shown.sources[which] ?? 0]).filter(([, n]) => n > 0),
    grids: new Map([
      ...found.paths.map((path): [string, [number, number, number]] => [path, [0, 0, 0]]),
      ...shown.grids.map(([which, open, late, level]): [string, [number, number, number]] => [found.paths[which]!, [open, late, level]]),
    ]),
    bounds: found.bounds,
    communities: communities.sort((a, b) => b.late - a.late || b.open - a.open || (a.path < b.path ? -1 : 1)),
    slow: null, ended: null,
  };
}

export type Mark = "live" | "cut" | "stale";
export const STALE = 30_000;

/** How fresh the figures are: `ok` is when the server last answered, `failing` whether the last try failed. */
export function mark(ok: number, now: number, failing: boolean): Mark {
  if (now - ok >= STALE) return "stale";
  return failing ? "cut" : "live";
}

/** Put values into a template: fill("{n} late", {n: 3}). */
export function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A span of seconds in words of the page: minutes, hours and minutes, days and hours. */
export function span(seconds: number, words: { only_minutes: string; hours_minutes: string; days_hours: string }): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return fill(words.only_minutes, { m: minutes });
  if (minutes < 60 * 24) return fill(words.hours_minutes, { h: Math.floor(minutes / 60), m: minutes % 60 });
  return fill(words.days_hours, { d: Math.floor(minutes / 1440), h: Math.floor((minutes % 1440) / 60) });
}

/** The bounds of the density levels as people read them, the lowest level (nothing open) first. */
export function legend(bounds: readonly number[], words: { none: string; below: string; between: string; above: string }): string[] {
  const [a = 0, b = 0, c = 0] = bounds.map((bound) => (bound >= 10 ? Math.round(bound) : Math.round(bound * 10) / 10));
  if (!c) return [words.none];
  return [words.none, fill(words.below, { n: a }), fill(words.between, { from: a, to: b }), fill(words.between, { from: b, to: c }), fill(words.above, { n: c })];
}

/** A name as it fits on a map: without the word for its kind, cut to a few characters. */
export function short(name: string): string {
  const plain = name.replace(/(社区| Community)$/, "");
  return /[^ -~]{7}/.test(plain) ? `${plain.slice(0, 6)}…` : plain.length > 14 ? `${plain.slice(0, 13)}…` : plain;
}
