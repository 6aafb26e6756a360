// The day by the hour: what came in, what was closed, and the same day of last week.
import { init, type EChartsType } from "echarts/core";
import { ink, rem } from "./ground.ts";
import { fill, type View } from "./model.ts";

export interface TrendWords { series_came: string; series_went: string; series_week: string }

export class Trend {
  private readonly chart: EChartsType;
  private view: View | undefined;

  constructor(host: HTMLElement, private readonly words: TrendWords) {
    this.chart = init(host, undefined, { renderer: "canvas" });
    new ResizeObserver(() => { this.chart.resize(); this.draw(); }).observe(host);
  }

  update(view: View): void {
    this.view = view;
    this.draw();
  }

  private draw(): void {
    if (!this.view) return;
    const { came, went, week, all } = this.view.hours;
    const line = (data: number[], colour: string, said: string, dotted = false) => ({
      type: "line", data, symbol: "none", silent: true,
      lineStyle: { color: colour, width: rem(dotted ? .06 : .11), type: dotted ? "dotted" : "solid" },
      endLabel: { show: data.length > 0, formatter: fill(said, { n: data.at(-1) ?? 0 }), color: colour, fontSize: rem(.56), fontFamily: ink("font"), distance: rem(.2), offset: [0, -rem(.85)] },
      labelLayout: { moveOverlap: "shiftY" },
    });
    this.chart.setOption({
      animation: false,
      grid: { left: rem(.4), right: rem(2.6), top: rem(.4), bottom: rem(1.4) },
      xAxis: {
        type: "category", boundaryGap: false, data: Array.from({ length: all }, (_, hour) => hour),
        axisLine: { lineStyle: { color: ink("line-2") } }, axisTick: { show: false }, 
        axisLabel: { color: ink("ink-2"), fontSize: rem(.56), fontFamily: ink("font"), margin: rem(.35), interval: (hour: number) => hour % 4 === 0 },
      },
      yAxis: { type: "value", min: 0, minInterval: 1, splitNumber: 2, axisLabel: { show: false }, max: (range: { max: number }) => Math.max(4, range.max), splitLine: { lineStyle: { color: ink("line") } } },
      series: [
        line(week, ink("ink-3"), this.words.series_week, true), line(came, ink("ink"), this.words.series_came),
        line(went, ink("accent"), this.words.series_went),
      ],
    } as never, { replaceMerge: ["series"] });
  }
}
