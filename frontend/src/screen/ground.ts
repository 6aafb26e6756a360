// The map: grids coloured by density, communities with what is open and late. Click or Enter opens one, Esc goes back.
import { init, registerMap, type EChartsType } from "echarts/core";
import { short, type Place, type View } from "./model.ts";

interface Feature { geometry: { type: string; coordinates: unknown } | null; properties: { path: string; name: string; basic: boolean } }
interface Geo { features: Feature[] }

const style = () => getComputedStyle(document.documentElement);
export const ink = (name: string) => style().getPropertyValue(`--${name}`).trim();
export const rem = (n: number) => n * Number.parseFloat(style().fontSize);

export class Ground {
  private readonly chart: EChartsType;
  private features: Feature[] = [];
  private registered = new Set<string>();
  private version = 0;
  private open = "";
  private marked = "";
  private view: View | undefined;
  /** Called when a place is opened, or '' for the whole. */
  onopen?: (path: string) => void;

  constructor(host: HTMLElement, private readonly grid: (name: string, open: number, late: number) => string) {
    this.chart = init(host, undefined, { renderer: "canvas" });
    this.chart.on("click", (event) => {
      const path = String((event as { name?: string }).name ?? "");
      this.show(this.open ? "" : this.communityOf(path));
    });
    new ResizeObserver(() => { this.chart.resize(); this.draw(); }).observe(host);
  }

  /** Take a ground; the names of older ones are not used again. */
  take(ground: Geo): void {
    this.features = ground.features.filter((one) => one.geometry).sort((a, b) => Number(b.properties.basic) - Number(a.properties.basic));
    this.registered.clear();
    this.version += 1;
    if (this.open && !this.features.some((one) => one.properties.path === this.open)) this.open = "";
    this.draw();
  }

  update(view: View): void {
    this.view = view;
    this.draw();
  }

  /** Open a community, '' for the whole ground. */
  show(path: string): void {
    if (path === this.open) return;
    this.open = path;
    this.draw();
    this.onopen?.(path);
  }

  get opened(): string { return this.open; }

  /** Point out a community, as the keyboard goes over them. */
  mark(path: string): void {
    this.marked = path;
    this.draw();
  }

  private communityOf(path: string): string {
    const outlines = this.features.filter((one) => !one.properties.basic).map((one) => one.properties.path);
    return outlines.find((outline) => path.startsWith(outline)) ?? "";
  }

  private draw(): void {
    if (!this.view || !this.features.length) return;
    const name = `${this.version}:${this.open}`;
    const held = this.features.filter((one) => one.properties.path.startsWith(this.open));
    if (!this.registered.has(name)) {
      registerMap(name, { type: "FeatureCollection", features: held } as never);
      this.registered.add(name);
    }
    this.chart.setOption({
      animation: false,
      tooltip: {
        renderMode: "richText", confine: true, backgroundColor: ink("surface"), borderColor: ink("line-2"),
        textStyle: { color: ink("ink"), fontSize: rem(.56), fontFamily: ink("font") },
        formatter: (event: { name?: string }) => this.said(String(event.name ?? "")),
      },
      geo: {
        map: name, nameProperty: "path", roam: false, aspectScale: Math.cos(this.latitude(held) * Math.PI / 180),
        left: 0, right: 0, top: 0, bottom: rem(1.3), selectedMode: false,
        itemStyle: { areaColor: ink("heat-0"), borderColor: ink("paper"), borderWidth: rem(.04) },
        emphasis: { itemStyle: { areaColor: "inherit" as never }, label: { show: true } },
        regions: held.map((one) => this.region(one)),
      },
    } as never, { replaceMerge: ["geo"] });
    this.chart.dispatchAction({ type: "downplay", geoIndex: 0 });
    if (this.marked && !this.open) this.chart.dispatchAction({ type: "highlight", geoIndex: 0, name: this.marked });
  }

  private region({ properties }: Feature): object {
    const [open = 0, late = 0, level = 0] = this.view?.grids.get(properties.path) ?? [];
    if (properties.basic) {
      const label = this.open || !this.features.some((one) => !one.properties.basic)
        ? this.label(this.own(properties), open, late) : { show: false };
      const areaColor = ink(`heat-${level}`);
      return { name: properties.path, itemStyle: { areaColor }, emphasis: { itemStyle: { areaColor }, label }, label };
    }
    const place = this.view?.communities.find((one) => one.path === properties.path);
    const label = this.open ? { show: false } : this.label(properties.name, place?.open ?? 0, place?.late ?? 0);
    const itemStyle = {
      areaColor: "rgba(0,0,0,0)", borderColor: ink("paper"), borderWidth: rem(.18),
    };
    return { name: properties.path, itemStyle, emphasis: { itemStyle: { ...itemStyle, borderColor: ink("ink"), borderWidth: rem(.12) }, label }, label };
  }

  /** What tells a grid from its neighbours: its name without that of its community. */
  private own({ path, name }: Feature["properties"]): string {
    const community = this.features.find((one) => !one.properties.basic && path.startsWith(one.properties.path))?.properties.name ?? "";
    const kind = / Community$| Village$|社区$|村$/;
    const rest = [community, community.replace(kind, "")].find((one) => one && name.startsWith(one) && name !== one);
    return rest ? name.slice(rest.length).trim() : name;
  }

  private label(name: string, open: number, late: number): object {
    const base = { color: ink("ink"), textBorderColor: ink("paper"), textBorderWidth: rem(.12), fontFamily: ink("font") };
    return {
      show: true, formatter: `{n|${short(name).replace(/[{}|]/g, " ")}}\n{v|${open}}${late ? `\n{l|${late}}` : ""}`,
      rich: {
        n: { ...base, fontSize: rem(.56), lineHeight: rem(.72) },
        v: { ...base, fontSize: rem(.64), fontWeight: 600, lineHeight: rem(.8) },
        l: {
          fontSize: rem(.5), fontWeight: 600, fontFamily: ink("font"), color: ink("on-solid"), backgroundColor: ink("late-solid"),
          borderRadius: rem(.4), padding: [rem(.12), rem(.26)], borderColor: ink("paper"), borderWidth: rem(.06), lineHeight: rem(.8),
        },
      },
    };
  }

  private said(path: string): string {
    const feature = this.features.find((one) => one.properties.path === path);
    if (!feature || !this.view) return "";
    const place: Place | undefined = this.view.communities.find((one) => one.path === path);
    const [open, late] = this.view.grids.get(path) ?? [place?.open ?? 0, place?.late ?? 0];
    return this.grid(feature.properties.name, open, late);
  }

  private latitude(held: readonly Feature[]): number {
    let low = 90, high = -90;
    const walk = (part: unknown): void => {
      if (!Array.isArray(part)) return;
      if (typeof part[1] === "number") { low = Math.min(low, part[1]); high = Math.max(high, part[1]); } else part.forEach(walk);
    };
    held.forEach((one) => walk(one.geometry?.coordinates));
    return low > high ? 31 : (low + high) / 2;
  }
}
