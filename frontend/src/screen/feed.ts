// The figures, asked for every five seconds with their entity tag; how fresh they are; what to do when none come.
import { mark, type Mark, type Snapshot } from "./model.ts";

export const EVERY = 5_000;
const PATIENCE = 8_000;
const GONE = new Set([401, 403]);

export class Feed {
  private tag = "";
  private ok = 0;
  private failing = false;
  private offset = 0;
  private build = "";
  private latest: Snapshot | undefined;
  onfigures?: (found: Snapshot) => void;
  /** The display's link has ended, or begun again. */
  onclosed?: (closed: boolean) => void;
  /** The server serves another build of this page. */
  onbuild?: () => void;

  constructor(private readonly url: string) {}

  start(): void { void this.ask(); }

  /** Now, by the clock of the server: a display's own may be wrong. */
  now(): number { return Date.now() + this.offset; }

  get mark(): Mark { return this.latest ? mark(this.ok, Date.now(), this.failing) : this.failing ? "cut" : "live"; }

  /** When the figures that are shown were last known to be true, by the server's clock. */
  get since(): number { return this.ok + this.offset; }

  private async ask(): Promise<void> {
    try {
      const answer = await fetch(this.url, {
        headers: { Accept: "application/json", ...(this.tag ? { "If-None-Match": this.tag } : {}) }, cache: "no-store",
        credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE),
      });
      if (GONE.has(answer.status)) this.onclosed?.(true);
      if (answer.ok || answer.status === 304) await this.take(answer);
      else this.failing = true;
    } catch {
      this.failing = true;
    }
    setTimeout(() => void this.ask(), EVERY);
  }

  private async take(answer: Response): Promise<void> {
    if (answer.status !== 304) {
      this.latest = (await answer.json()) as Snapshot;
      this.tag = answer.headers.get("ETag") ?? "";
    }
    this.ok = Date.now();
    this.failing = false;
    this.offset = Number(answer.headers.get("Server-Time")) - this.ok || 0;
    this.onclosed?.(false);
    if (answer.status !== 304 && this.latest) this.onfigures?.(this.latest);
    const build = answer.headers.get("Screen-Build") ?? "";
    if (this.build && build && build !== this.build) this.onbuild?.();
    this.build ||= build;
  }
}
