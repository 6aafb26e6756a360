// The grid map of the desk, drawn by OpenLayers. No base map unless one is configured (data-tiles).
import "ol/ol.css";
import Feature from "ol/Feature.js";
import Map from "ol/Map.js";
import Overlay from "ol/Overlay.js";
import View from "ol/View.js";
import { containsExtent } from "ol/extent.js";
import GeoJSON from "ol/format/GeoJSON.js";
import TileLayer from "ol/layer/Tile.js";
import VectorLayer from "ol/layer/Vector.js";
import type { FeatureLike } from "ol/Feature.js";
import { transformExtent } from "ol/proj.js";
import VectorSource from "ol/source/Vector.js";
import XYZ from "ol/source/XYZ.js";
import { Circle, Fill, Stroke, Style, Text } from "ol/style.js";
import { heapRadius, heat } from "./maprules.ts";

const host = document.querySelector<HTMLElement>("[data-gridmap]");
const ink = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

let colours: Record<string, string> = {};
function readColours(): void {
  for (const name of ["surface", "line-2", "ink", "ink-2", "ink-3", "accent", "accent-soft", "late-solid", "soon-solid", "heat-0", "heat-1", "heat-2", "heat-3", "heat-4"]) {
    colours[name] = ink(`--${name}`);
  }
}
const c = (name: string) => colours[name] ?? "#000";

function areaStyle(feature: FeatureLike, resolution: number, picked: boolean): Style[] {
  const basic = Boolean(feature.get("basic"));
  const name = String(feature.get("name") ?? "");
  const shown = basic ? resolution < 6 : resolution < 30;
  return [new Style({
    zIndex: picked ? 3 : basic ? 1 : 2,
    stroke: picked ? new Stroke({ color: c("accent"), width: 2.5 }) : new Stroke({ color: c(basic ? "line-2" : "ink-3"), width: basic ? 1 : 1.75 }),
    ...(basic ? { fill: new Fill({ color: picked ? c("accent-soft") : c(`heat-${heat(Number(feature.get("open") ?? 0))}`) }) } : {}),
    ...(shown && name ? { text: new Text({
      text: name, overflow: !basic, font: `${basic ? 12 : 14}px ${ink("--font")}`,
      fill: new Fill({ color: c(basic ? "ink-2" : "ink") }), stroke: new Stroke({ color: c("surface"), width: 3 }),
    }) } : {}),
  })];
}

function pinStyle(feature: FeatureLike): Style {
  const heap = Number(feature.get("heap") ?? 0);
  if (heap) return heapStyle(heap, Number(feature.get("late") ?? 0));
  const due = String(feature.get("due") ?? "");
  const colour = c(due === "late" ? "late-solid" : due === "soon" ? "soon-solid" : "ink-2");
  return new Style({
    zIndex: due === "late" ? 3 : due === "soon" ? 2 : 1,
    image: new Circle({ radius: due === "late" ? 6 : 5, fill: new Fill({ color: colour }), stroke: new Stroke({ color: c("surface"), width: 1.5 }) }),
  });
}

/** A heap of cases: the number, larger for more, ringed in red where some are late. */
function heapStyle(heap: number, late: number): Style {
  return new Style({
    zIndex: late ? 3 : 2,
    image: new Circle({
      radius: heapRadius(heap), fill: new Fill({ color: c(`heat-${heat(heap)}`) }),
      stroke: new Stroke({ color: c(late ? "late-solid" : "surface"), width: late ? 2 : 1.5 }),
    }),
    text: new Text({ text: String(heap), font: `12px ${ink("--font")}`, fill: new Fill({ color: c("ink") }) }),
  });
}

function fill(pop: HTMLElement, feature: FeatureLike): void {
  const put = (slot: string, text: string) => {
    const node = pop.querySelector(`[data-slot=${slot}]`);
    if (node) node.textContent = text;
  };
  put("title", String(feature.get("title") ?? feature.get("name") ?? ""));
  put("sub", [feature.get("number"), feature.get("state")].filter(Boolean).join(" · "));
  put("due", String(feature.get("due_words") ?? ""));
  const due = pop.querySelector<HTMLElement>("[data-slot=due]");
  if (due) due.className = `due ${feature.get("due") ?? ""}`;
  const link = pop.querySelector<HTMLAnchorElement>("a");
  if (link) link.href = String(feature.get("url") ?? "#");
}

function start(element: HTMLElement): void {
  readColours();
  const format = new GeoJSON({ featureProjection: "EPSG:3857" });
  let picked: Feature | undefined;
  const areas = new VectorSource<Feature>();
  const cases = new VectorSource<Feature>();
  const ground = new VectorLayer({ source: areas, declutter: true, style: (feature, resolution) => areaStyle(feature, resolution, feature === picked) });
  const pins = new VectorLayer({ source: cases, style: pinStyle });
  const { tiles, attribution } = element.dataset;
  const base = tiles ? [new TileLayer({ source: new XYZ({ url: tiles, attributions: attribution ?? "" }) })] : [];
  const view = new View({ center: [0, 0], zoom: 2, maxZoom: 20 });
  const map = new Map({ target: element, layers: [...base, ground, pins], view, controls: [] });
  const pop = document.querySelector<HTMLElement>("[data-pop]");
  const overlay = pop ? new Overlay({ element: pop, positioning: "bottom-center", offset: [0, -12], autoPan: { animation: { duration: 0 } } }) : undefined;
  if (overlay) map.addOverlay(overlay);

  const home = () => areas.getFeatures().length && view.fit(areas.getExtent() ?? [0, 0, 1, 1], { padding: [24, 24, 24, 24] });
  let loaded: number[] | undefined;
  const load = async () => {
    const extent = view.calculateExtent(map.getSize());
    const heaped = cases.getFeatures().some((one) => one.get("heap"));
    if (loaded && containsExtent(loaded, extent) && !cases.get("cut") && !heaped) return;
    loaded = extent;
    const box = transformExtent(extent, "EPSG:3857", "EPSG:4326").map((degrees) => degrees.toFixed(6)).join(",");
    const join = element.dataset["cases"]!.includes("?") ? "&" : "?";
    const answer = await fetch(`${element.dataset["cases"]}${join}bbox=${box}`);
    if (!answer.ok) return;
    const data = await answer.json();
    cases.set("cut", Boolean(data.cut));
    cases.clear();
    cases.addFeatures(format.readFeatures(data));
    for (const key of ["late", "soon", "other"]) {
      const node = document.querySelector(`[data-count=${key}]`);
      if (node) node.textContent = String(data.counts?.[key] ?? 0);
    }
    const cut = document.querySelector<HTMLElement>("[data-cut]");
    if (cut) cut.hidden = !data.cut;
    element.dataset["ready"] = "";
  };
  void fetch(element.dataset["areas"]!).then((answer) => answer.json()).then((data) => {
    areas.addFeatures(format.readFeatures(data));
    home();
    map.on("moveend", () => void load());
    map.render();
    void load();
  });

  map.on("singleclick", ({ pixel, coordinate }) => {
    const pin = map.forEachFeatureAtPixel(pixel, (feature) => feature, { layerFilter: (layer) => layer === pins, hitTolerance: 6 });
    picked = pin ? undefined : (areas.getFeaturesAtCoordinate(coordinate).find((one) => one.get("basic")) as Feature | undefined);
    ground.changed();
    if (pin?.get("heap")) {  // closer, where its cases can be told apart
      view.animate({ center: coordinate, zoom: (view.getZoom() ?? 12) + 1.5, duration: 0 });
      return;
    }
    if (pin && pop) {
      fill(pop, pin);
      pop.hidden = false;
    }
    overlay?.setPosition(pin ? coordinate : undefined);
  });
  document.querySelectorAll<HTMLButtonElement>("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
    const by = Number(button.dataset["zoom"]);
    if (by) view.setZoom((view.getZoom() ?? 12) + (by > 1 ? 1 : -1));
    else home();
  }));
  document.addEventListener("theme", () => { readColours(); ground.changed(); pins.changed(); });
}

if (host) start(host);
