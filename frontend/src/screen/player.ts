// A past day in a minute. With less motion asked for: an hour at a time.
import { fill, type Replay } from "./model.ts";

const MINUTE = 60_000;
const LINGER = 10_000;

/** Which frames are shown and how long each, so that the whole takes a minute. */
export function course(frames: number, calm: boolean): { shown: number[]; each: number } {
  const step = calm ? 4 : 1;
  const shown = Array.from({ length: Math.ceil(frames / step) }, (_, at) => at * step);
  if (frames && shown.at(-1) !== frames - 1) shown.push(frames - 1);
  return { shown, each: shown.length ? Math.floor(MINUTE / shown.length) : MINUTE };
}

/** 20:15, and 24:00 at the end of a day. */
export function clock(seconds: number): string {
  return [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)].map((part) => String(part).padStart(2, "0")).join(":");
}

export class Player {
  private found: Replay | undefined;
  private at = 0;
  private timer = 0;
  onframe?: (found: Replay, at: number) => void;
  onend?: () => void;

  private readonly calm: boolean;

  constructor(calm: boolean) { this.calm = calm; }

  get playing(): boolean { return this.found !== undefined; }

  get time(): string { return clock(this.found?.frames[this.at]?.seconds ?? 0); }

  play(found: Replay): void {
    clearTimeout(this.timer);
    this.found = found;
    const { shown, each } = course(found.frames.length, this.calm);
    const step = (which: number) => {
      if (which >= shown.length) { this.timer = window.setTimeout(() => this.stop(), LINGER); return; }
      this.at = shown[which]!;
      this.onframe?.(found, this.at);
      this.timer = window.setTimeout(() => step(which + 1), each);
    };
    step(0);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.found = undefined;
    this.onend?.();
  }

  /** The day that is replayed, as people write it. */
  day(english: boolean): string {
    const [year, month, day] = (this.found?.day ?? "2000-01-01").split("-").map(Number);
    return new Intl.DateTimeFormat(english ? "en-GB" : "zh-CN", { year: "numeric", month: "long", day: "numeric", weekday: "short", timeZone: "UTC" })
      .format(Date.UTC(year!, month! - 1, day!));
  }

  said(template: string, english: boolean): string { return fill(template, { day: this.day(english), time: this.time }); }
}
