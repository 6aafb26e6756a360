// The editor of grids: it draws what the form holds, and hands each change back to the form, which asks the server.
import "ol/ol.css";
import Collection from "ol/Collection.js";
import Feature from "ol/Feature.js";
import Map from "ol/Map.js";
import View from "ol/View.js";
import GeoJSON from "ol/format/GeoJSON.js";
import type { Geometry } from "ol/geom.js";
import LineString from "ol/geom/LineString.js";
import Polygon from "ol/geom/Polygon.js";
import Draw from "ol/interaction/Draw.js";
import Modify from "ol/interaction/Modify.js";
import Snap from "ol/interaction/Snap.js";
import VectorLayer from "ol/layer/Vector.js";
import { toLonLat } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import { Circle, Fill, Stroke, Style, Text } from "ol/style.js";
import { lines, rounded } from "./gridtext.ts";

type Tool = "move" | "split" | "merge" | "carve";

const host = document.querySelector<HTMLElement>("[data-gridedit]");
const format = new GeoJSON({ featureProjection: "EPSG:3857" });
const ink = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || "#000";
const form = () => document.querySelector<HTMLFormElement>("#drawing")!;
const field = <T extends HTMLElement>(name: string) => form().querySelector<T>(`[name="${name}"]`)!;

class Editor {
  private readonly grids = new VectorSource<Feature>();
  private readonly faults = new VectorSource<Feature>();
  private readonly ground = new VectorSource<Feature>();
  private readonly view = new View({ center: [0, 0], zoom: 2, maxZoom: 21 });
  private readonly map: Map;
  private readonly layer: VectorLayer;
  private tool: Tool = "move";
  private picked: string[] = [];
  private readonly past: string[] = [];
  private drawing: Draw | undefined;
  private readonly modify: Modify;

  constructor(private readonly element: HTMLElement) {
    this.layer = new VectorLayer({ source: this.grids, declutter: true, style: (feature) => this.style(feature as Feature) });
    this.map = new Map({
      target: element, view: this.view, controls: [],
      layers: [this.layer, new VectorLayer({ source: this.ground, style: () => new Style({ stroke: new Stroke({ color: ink("ink-3"), width: 2.5 }) }) }),
        new VectorLayer({ source: this.faults, style: (feature) => fault(String(feature.get("kind"))) })],
    });
    this.modify = new Modify({ source: this.grids, pixelTolerance: 10, style: new Style({ image: new Circle({ radius: 6, fill: new Fill({ color: ink("accent") }), stroke: new Stroke({ color: ink("surface"), width: 2 }) }) }) });
    this.modify.on("modifyend", () => this.hand("check"));
    this.map.on("singleclick", ({ coordinate }) => this.pick(coordinate));
    this.take();
    this.home();
    this.use("move");
    element.dataset["ready"] = "";
  }

  /** Draw what the form holds. */
  take(): void {
    const text = field<HTMLTextAreaElement>("grids").value;
    this.read(this.grids, text);
    this.read(this.ground, form().querySelector("[data-ground]")?.textContent ?? "");
    this.read(this.faults, form().querySelector("[data-faults]")?.textContent ?? "");
    if (this.past.at(-1) !== text) this.past.push(text);
    this.undo().disabled = this.past.length < 2;
    this.element.dataset["grids"] = String(this.grids.getFeatures().length);
    this.element.dataset["faults"] = String(this.faults.getFeatures().length);
  }

  /** What the server answered. */
  came(): void {
    this.take();
    this.choose([]);
  }

  home(): void {
    this.view.fit(this.ground.getExtent() ?? [0, 0, 1, 1], { padding: [32, 32, 32, 32] });
  }

  zoom(by: number): void {
    this.view.setZoom((this.view.getZoom() ?? 12) + by);
  }

  back(): void {
    this.past.pop();
    const before = this.past.at(-1);
    if (before === undefined) return;
    field<HTMLTextAreaElement>("grids").value = before;
    this.ask("check");
  }

  use(tool: Tool): void {
    this.tool = tool;
    this.choose([]);
    document.querySelectorAll<HTMLButtonElement>("[data-tool]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset["tool"] === tool)));
    const hint = document.querySelector<HTMLElement>("[data-hint]");
    if (hint) hint.textContent = hint.dataset[tool] ?? "";
    document.querySelector<HTMLElement>("[data-merge]")!.hidden = tool !== "merge";
    for (const one of this.map.getInteractions().getArray().slice()) if (one instanceof Draw || one instanceof Modify || one instanceof Snap) this.map.removeInteraction(one);
    this.drawing = undefined;
    if (tool === "move") this.map.addInteraction(this.modify);
    if (tool === "split" || tool === "carve") {
      this.drawing = new Draw({ type: tool === "split" ? "LineString" : "Polygon", source: new VectorSource({ features: new Collection<Feature>() }) });
      this.drawing.on("drawend", ({ feature }) => this.drawn(feature.getGeometry()));
      this.map.addInteraction(this.drawing);
    }
    this.map.addInteraction(new Snap({ source: this.grids, pixelTolerance: 12 })); // the last one sees the pointer first
    this.map.addInteraction(new Snap({ source: this.ground, pixelTolerance: 12 }));
  }

  abandon(): void {
    this.drawing?.abortDrawing();
    this.choose([]);
  }

  merge(): void {
    const [into, ...others] = this.picked;
    if (!into || !others.length) return;
    field<HTMLSelectElement>("merge_grid").value = into;
    for (const option of field<HTMLSelectElement>("merge_with").options) option.selected = others.includes(option.value);
    this.ask("merge");
  }

  private drawn(geometry: Geometry | undefined): void {
    const name = form().dataset["newName"] ?? "";
    if (geometry instanceof LineString) {
      field<HTMLTextAreaElement>("split_points").value = lines(geometry.getCoordinates().map((one) => toLonLat(one)));
      field<HTMLSelectElement>("split_grid").value = "";
      if (!field<HTMLInputElement>("split_name").value) field<HTMLInputElement>("split_name").value = name;
      this.ask("split");
    } else if (geometry instanceof Polygon) {
      field<HTMLTextAreaElement>("carve_points").value = lines((geometry.getCoordinates()[0] ?? []).slice(0, -1).map((one) => toLonLat(one)));
      if (!field<HTMLInputElement>("carve_name").value) field<HTMLInputElement>("carve_name").value = name;
      this.ask("carve");
    }
  }

  private pick(coordinate: number[]): void {
    if (this.tool !== "merge") return;
    const code = this.grids.getFeaturesAtCoordinate(coordinate).map((one) => String(one.get("code"))).find(Boolean);
    if (code) this.choose(this.picked.includes(code) ? this.picked.filter((one) => one !== code) : [...this.picked, code]);
  }

  private choose(codes: string[]): void {
    this.picked = codes;
    document.querySelector<HTMLButtonElement>("[data-merge]")!.disabled = codes.length < 2;
    this.layer.changed();
  }

  /** Put what was moved on the map into the form. */
  private hand(act: string): void {
    const text = format.writeFeaturesObject(this.grids.getFeatures());
    field<HTMLTextAreaElement>("grids").value = JSON.stringify(rounded(text));
    this.ask(act);
  }

  private ask(act: string): void {
    form().requestSubmit(form().querySelector<HTMLButtonElement>(`button[name="do"][value="${act}"]`));
  }

  private read(source: VectorSource<Feature>, text: string): void {
    source.clear();
    if (!text.trim()) return;
    const features = format.readFeatures(text);
    source.addFeatures((Array.isArray(features) ? features : [features]) as Feature[]);
  }

  private undo(): HTMLButtonElement {
    return document.querySelector<HTMLButtonElement>("[data-undo]")!;
  }

  private style(feature: Feature): Style {
    const picked = this.picked.includes(String(feature.get("code")));
    const fresh = !feature.get("code");
    return new Style({
      stroke: new Stroke({ color: ink(picked || fresh ? "accent" : "ink-2"), width: picked ? 3 : 1.5 }),
      fill: new Fill({ color: ink(picked ? "picked" : fresh ? "accent-soft" : "surface") }),
      text: new Text({ text: `${feature.get("name")}\n${feature.get("code") || ""}`, font: `12px ${ink("font")}`, overflow: true, fill: new Fill({ color: ink("ink") }), stroke: new Stroke({ color: ink("surface"), width: 3 }) }),
    });
  }
}

function fault(kind: string): Style {
  return new Style({
    stroke: new Stroke({ color: ink("late-solid"), width: 2.5, lineDash: kind === "gap" ? [6, 4] : [] }),
    fill: new Fill({ color: ink("late-soft") }),
    text: new Text({ text: kind === "gap" ? "?" : "×", font: `600 14px ${ink("font")}`, fill: new Fill({ color: ink("late") }), stroke: new Stroke({ color: ink("surface"), width: 3 }) }),
  });
}

/** Press a button of the form: the answer is the form anew, with what is wrong in it too, or the next page. */
async function send(sent: HTMLFormElement, button: HTMLElement | null): Promise<boolean> {
  sent.setAttribute("aria-busy", "true");
  const answer = await fetch(location.href, { method: "POST", body: new FormData(sent, button), headers: { "X-Part": "form" } });
  const next = answer.headers.get("X-Next") ?? (answer.redirected ? answer.url : null);
  const fresh = next ? null : new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#drawing");
  if (!fresh) {
    location.assign(next ?? location.href);
    return false;
  }
  const focused = document.activeElement?.id;
  sent.replaceWith(document.importNode(fresh, true));
  if (focused) document.getElementById(focused)?.focus();
  return true;
}

function start(element: HTMLElement): void {
  const editor = new Editor(element);
  document.querySelector<HTMLElement>("[data-tools]")!.hidden = false;
  document.querySelectorAll<HTMLButtonElement>("[data-tool]").forEach((button) => button.addEventListener("click", () => editor.use(button.dataset["tool"] as Tool)));
  document.querySelector("[data-undo]")!.addEventListener("click", () => editor.back());
  document.querySelector("[data-merge]")!.addEventListener("click", () => editor.merge());
  document.querySelectorAll<HTMLButtonElement>("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
    const by = Number(button.dataset["zoom"]);
    if (by) editor.zoom(by > 1 ? 1 : -1);
    else editor.home();
  }));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") editor.abandon(); });
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (!(sent instanceof HTMLFormElement) || sent.id !== "drawing") return;
    event.preventDefault();
    void send(sent, event.submitter).then((came) => came && editor.came());
  });
  document.addEventListener("theme", () => editor.take());
}

if (host) start(host);
