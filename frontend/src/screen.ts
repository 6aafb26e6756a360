// The screen: figures every five seconds, a map to open, the day of a past date in a minute. Runs for weeks unattended.
import { use } from "echarts/core";
import { LineChart } from "echarts/charts";
import { GeoComponent, GridComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import "./style/screen.css";
import { enter } from "./screen/entering.ts";
import { Feed } from "./screen/feed.ts";
import { Ground } from "./screen/ground.ts";
import { fill, frame, live, type Replay, type Snapshot, type View } from "./screen/model.ts";
import { find, Panels, type Words } from "./screen/panels.ts";
import { Player } from "./screen/player.ts";
import { Trend } from "./screen/trend.ts";

use([LineChart, GeoComponent, GridComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

const TURN = 10_000;
const QUIET = 12_000;

function wall(root: HTMLElement): void {
  const words = JSON.parse(root.dataset["words"] ?? "{}") as Words;
  const english = document.documentElement.lang === "en";
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const said = (place: string, open: number, late: number) => fill(words["grid_said"]!, { place, open, late });
  const feed = new Feed(root.dataset["figures"]!), panels = new Panels(root, words, english);
  const ground = new Ground(find(root, "map"), said), trend = new Trend(find(root, "trend"), words as never);
  const player = new Player(calm);
  let latest: Snapshot | undefined, shown: View | undefined, closed = false, places = -1;

  const draw = (view: View) => {
    shown = view;
    panels.update(view);
    ground.update(view);
    trend.update(view);
    picked();
  };
  const present = () => { if (latest && !player.playing) draw(live(latest, feed.now(), english)); };

  feed.onfigures = (found) => {
    latest = found;
    if (found.places !== places) void areas(found.places);
    present();
    tell();
    root.dataset["ready"] = "";
  };
  feed.onclosed = (is) => { closed = is; tell(); };
  feed.onbuild = () => { if (!player.playing) location.reload(); };

  async function areas(version: number): Promise<void> {
    const answer = await fetch(root.dataset["areas"]!, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (!answer?.ok) return;
    places = version;
    ground.take(await answer.json());
    find(root, "map").dataset["ready"] = "";
  }

  function picked(): void {
    const host = find(root, "picked");
    const place = shown?.communities.find((one) => one.path === ground.opened);
    host.textContent = place ? fill(words["place_said"]!, { place: place.name, open: place.open, late: place.late }) : "";
    root.toggleAttribute("data-opened", Boolean(place));
  }
  ground.onopen = picked;

  const formats = {
    time: (moment: number, zone: string) => new Intl.DateTimeFormat(english ? "en-GB" : "zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(moment),
    date: (moment: number, zone: string) => new Intl.DateTimeFormat(english ? "en-GB" : "zh-CN", { month: "long", day: "numeric", weekday: "short", timeZone: zone }).format(moment),
  };

  /** The mark and the clock: what is live, what is not, and what is a replay. */
  function tell(): void {
    const zone = shown?.timezone ?? "Asia/Shanghai", state = player.playing ? "replay" : closed ? "closed" : feed.mark;
    root.dataset["live"] = state;
    const text = state === "replay" ? player.said(words["replaying"]!, english) : state === "closed" ? words["closed"]!
      : state === "stale" ? fill(words["stale"]!, { time: formats.time(feed.since, zone) }) : latest ? words[state]! : state === "cut" ? words["cut"]! : words["entering"]!;
    const host = find(root, "mark-words");
    if (host.textContent !== text) host.textContent = text;
    find(root, "clock").textContent = player.playing ? player.time : formats.time(feed.now(), zone);
    find(root, "date").textContent = player.playing ? player.day(english) : formats.date(feed.now(), zone);
  }

  player.onframe = (found: Replay, at: number) => { draw(frame(found, at, english)); course(at / Math.max(1, found.frames.length - 1)); tell(); };
  player.onend = () => { course(null); present(); tell(); };
  function course(part: number | null): void {
    const bar = find<HTMLProgressElement>(root, "course");
    bar.hidden = part === null;
    bar.value = part ?? 0;
    find(root, "stop").hidden = part === null;
  }

  find(root, "play").addEventListener("click", () => void play());
  find(root, "stop").addEventListener("click", () => player.stop());
  async function play(): Promise<void> {
    const day = find<HTMLInputElement>(root, "day").value, host = find(root, "picked");
    if (!day) return;
    host.textContent = words["replay_loading"]!;
    const address = root.dataset["replay"]!;
    const answer = await fetch(`${address}${address.includes("?") ? "&" : "?"}day=${encodeURIComponent(day)}`, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (!answer?.ok) { host.textContent = words["replay_failed"]!; return; }
    host.textContent = "";
    player.play((await answer.json()) as Replay);
  }

  const list = find(root, "places");
  list.addEventListener("focusin", (event) => ground.mark((event.target as HTMLElement).dataset["path"] ?? ""));
  list.addEventListener("focusout", () => ground.mark(""));
  list.addEventListener("click", (event) => { const path = (event.target as HTMLElement).dataset["path"]; if (path) ground.show(path); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { ground.show(""); if (player.playing) player.stop(); }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || (event.target as HTMLElement).matches("input")) return;
    const buttons = [...list.querySelectorAll<HTMLButtonElement>("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons.at((at < 0 ? (step > 0 ? 0 : -1) : (at + step) % buttons.length))?.focus();
    event.preventDefault();
  });

  let quiet = 0;
  const stir = () => { root.dataset["stirred"] = ""; clearTimeout(quiet); quiet = window.setTimeout(() => delete root.dataset["stirred"], QUIET); };
  for (const name of ["pointermove", "pointerdown", "keydown"]) document.addEventListener(name, stir, { passive: true });

  setInterval(tell, 1_000);
  setInterval(() => { if (shown) panels.turn(shown.timezone); }, calm ? 2 * TURN : TURN);
  setInterval(present, 60_000);
  feed.start();
}

// A link given to a page that is already open changes only what stands behind the #.
addEventListener("hashchange", () => { if (location.hash.length > 1) location.reload(); });
const root = document.querySelector<HTMLElement>("[data-wall]");
const shut = document.querySelector<HTMLElement>("[data-shut]");
if (!enter(shut) && root) wall(root);
