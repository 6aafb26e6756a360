// A small map without a library: the grids as SVG, pins, zoom, pan, and a tap that sets a point.
// <div class="map" data-map data-areas="…" [data-cases="…"] [data-at="lon,lat"] [data-pick="form id"]>
import { covers, frameOf, path, project, rings, unproject, type Frame, type Geometry, type Ring } from "./geometry.ts";

export interface Feature {
  geometry: Geometry | null;
  properties: { code?: string; name?: string; basic?: boolean; number?: string; title?: string; due?: string; url?: string };
}
interface Area { feature: Feature; rings: Ring[]; shape: SVGPathElement }

const SVG = "http://www.w3.org/2000/svg";
const WORSE = ["", "soon", "late"];
const DROP = "M0 0C-4-6-11-11-11-19a11 11 0 0 1 22 0C11-11 4-6 0 0z";

function make<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string>): SVGElementTagNameMap[K] {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

async function features(url: string): Promise<Feature[]> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  return answer.ok ? ((await answer.json()) as { features: Feature[] }).features : [];
}

export class SmallMap {
  private readonly svg: SVGSVGElement;
  private readonly pins = new Map<string, SVGGElement>();
  private areas: Area[] = [];
  private frame: Frame = { west: 0, north: 0, perDegreeX: 1, perDegreeY: 1, width: 1, height: 1 };
  private box = { x: 0, y: 0, w: 1, h: 1 };
  private home = this.box;
  /** Called with the tapped point and the area that holds it. */
  onpick?: (lon: number, lat: number, area: Feature | undefined) => void;

  constructor(private readonly host: HTMLElement) {
    this.svg = make("svg", { role: "img", "aria-label": host.dataset["label"] ?? "" });
    host.prepend(this.svg);
    host.querySelectorAll<HTMLButtonElement>("[data-zoom]").forEach((button) =>
      button.addEventListener("click", () => this.zoom(Number(button.dataset["zoom"]))));
    this.gestures();
  }

  /** Fetch and draw the areas; then pins and the given point. */
  async load(): Promise<void> {
    const { areas = "", cases, at } = this.host.dataset;
    const [ground, points] = await Promise.all([features(areas), cases ? features(cases) : Promise.resolve([])]);
    this.drawAreas(ground);
    this.drawCases(points);
    const [lon, lat] = (at ?? "").split(",").map(Number);
    if (at && Number.isFinite(lon) && Number.isFinite(lat)) this.mark(lon!, lat!, Number(this.host.dataset["close"] ?? 0));
    this.host.dataset["ready"] = "";
  }

  /** The cases once more, as they are now. */
  async reload(): Promise<void> {
    const points = await features(this.host.dataset["cases"] ?? "");
    this.pins.forEach((pin) => pin.remove());
    this.pins.clear();
    this.drawCases(points);
  }

  private drawCases(points: Feature[]): void {
    points.sort((a, b) => WORSE.indexOf(a.properties.due ?? "") - WORSE.indexOf(b.properties.due ?? ""));
    points.forEach((point) => this.addCase(point));
  }

  /** Put the one marked pin here; `close` zooms to that many kilometres around it. */
  mark(lon: number, lat: number, close = 0): Feature | undefined {
    this.svg.querySelectorAll(".marked").forEach((node) => node.remove());
    const area = this.areaAt(lon, lat);
    this.areas.forEach((one) => one.shape.classList.toggle("on", one === area));
    if (area) area.shape.parentNode?.append(area.shape);
    this.pin(lon, lat, "pin on marked");
    if (close) {
      const [x, y] = project(this.frame, lon, lat);
      const w = Math.min(this.home.w, (close / 111.32) * this.frame.perDegreeY);
      const h = w * (this.home.h / this.home.w);
      this.show({ x: x - w / 2, y: y - h / 2, w, h });
    } else this.scale();
    return area?.feature;
  }

  private areaAt(lon: number, lat: number): Area | undefined {
    return this.areas.find((one) => one.feature.properties.basic && covers(one.rings, lon, lat))
      ?? this.areas.find((one) => covers(one.rings, lon, lat));
  }

  private drawAreas(ground: Feature[]): void {
    const shapes = ground.map((feature) => ({ feature, rings: rings(feature.geometry) })).filter((one) => one.rings.length);
    this.frame = frameOf(shapes.flatMap((one) => one.rings));
    const layers = [make("g", {}), make("g", {}), make("g", {})] as const;
    for (const { feature, rings: own } of shapes) {
      const basic = Boolean(feature.properties.basic);
      const shape = make("path", { class: basic ? "g" : "c", d: path(this.frame, own) });
      layers[basic ? 0 : 1].append(shape);
      this.areas.push({ feature, rings: own, shape });
      if (!basic && shapes.length <= 80) this.label(layers[2], feature, own);
    }
    this.svg.append(...layers, make("g", { class: "pins" }));
    this.home = this.fit({ x: 0, y: 0, w: this.frame.width, h: this.frame.height });
    this.show(this.home);
  }

  private label(layer: SVGGElement, feature: Feature, own: Ring[]): void {
    const name = feature.properties.name;
    if (!name) return;
    const inner = frameOf(own);
    const [x, y] = project(this.frame, inner.west + inner.width / inner.perDegreeX / 2, inner.north - inner.height / inner.perDegreeY / 2);
    const text = make("text", { x: x.toFixed(1), y: y.toFixed(1) });
    const short = name.replace(/(社区| Community)$/, "");
    text.textContent = short.length > 12 || /[^ -~]{7}/.test(short) ? `${short.slice(0, 5)}…` : short;
    layer.append(text);
  }

  private addCase(feature: Feature): void {
    const [lon, lat] = (feature.geometry?.coordinates ?? []) as number[];
    if (lon === undefined || lat === undefined) return;
    const { number = "", title = "", due = "", url } = feature.properties;
    const pin = this.pin(lon, lat, `pin ${due}`);
    pin.dataset["k"] = number;
    const name = make("title", {});
    name.textContent = title;
    pin.prepend(name);
    this.pins.set(number, pin);
    if (url) pin.addEventListener("click", () => this.host.dispatchEvent(new CustomEvent("pin", { bubbles: true, detail: { number, url } })));
    this.scale();
  }

  private pin(lon: number, lat: number, classes: string): SVGGElement {
    const [x, y] = project(this.frame, lon, lat);
    const pin = make("g", { class: classes, "data-x": x.toFixed(1), "data-y": y.toFixed(1) });
    pin.append(make("path", { d: DROP }));
    this.svg.querySelector(".pins")?.append(pin);
    return pin;
  }

  /** The same box, widened to the proportions of the element. */
  private fit(box: { x: number; y: number; w: number; h: number }) {
    const { clientWidth = 1, clientHeight = 1 } = this.host;
    const wanted = clientWidth / Math.max(clientHeight, 1) || 1;
    const pad = 1.06, w = Math.max(box.w, box.h * wanted) * pad, h = Math.max(box.h, box.w / wanted) * pad;
    return { x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h };
  }

  private show(box: { x: number; y: number; w: number; h: number }): void {
    this.box = box;
    this.svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.w} ${box.h}`);
    this.scale();
  }

  /** Pins and names keep their size on the screen whatever the zoom. */
  private scale(): void {
    const unit = this.box.w / Math.max(this.host.clientWidth, 1);
    this.svg.querySelectorAll("text").forEach((text) => {
      text.setAttribute("font-size", String(12 * unit));
      text.setAttribute("stroke-width", String(3 * unit));
    });
    this.svg.querySelectorAll<SVGGElement>(".pin").forEach((pin) =>
      pin.setAttribute("transform", `translate(${pin.dataset["x"]} ${pin.dataset["y"]}) scale(${(this.pins.size > 60 ? 0.6 : 0.9) * unit})`));
  }

  private zoom(factor: number): void {
    if (!factor) return this.show(this.home);
    const w = Math.min(this.home.w, Math.max(this.home.w / 40, this.box.w / factor)), h = w * (this.box.h / this.box.w);
    this.show({ x: this.box.x + (this.box.w - w) / 2, y: this.box.y + (this.box.h - h) / 2, w, h });
  }

  private gestures(): void {
    let from: PointerEvent | undefined, moved = false;
    this.svg.addEventListener("pointerdown", (event) => { from = event; moved = false; });
    this.svg.addEventListener("pointermove", (event) => {
      if (!from || !event.buttons) return;
      if (!moved && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) < 6) return;
      moved = true;
      this.svg.setPointerCapture(event.pointerId);
      const unit = this.box.w / this.host.clientWidth;
      this.show({ ...this.box, x: this.box.x - event.movementX * unit, y: this.box.y - event.movementY * unit });
    });
    this.svg.addEventListener("click", (event) => {
      from = undefined;
      if (moved || !this.onpick) return;
      const bounds = this.svg.getBoundingClientRect();
      const unit = this.box.w / bounds.width;
      const [lon, lat] = unproject(this.frame, this.box.x + (event.clientX - bounds.left) * unit, this.box.y + (event.clientY - bounds.top) * unit);
      this.onpick(lon, lat, this.mark(lon, lat));
    });
  }
}
