// Words and bars: everything of the screen that is not a chart. Nodes are made once and filled again.
import { fill, legend, span, type Ended, type View } from "./model.ts";

export type Words = Record<string, string> & { stages: Record<string, string>; sources: Record<string, string> };

export function find<T extends HTMLElement>(root: ParentNode, name: string): T {
  return root.querySelector<T>(`[data-${name}]`)!;
}

function node(tag: string, text = "", classes = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (classes) made.className = classes;
  return made;
}

/** As many children as there are rows, each filled; none is made anew that is there. */
function each<T>(host: HTMLElement, rows: readonly T[], make: () => HTMLElement, set: (child: HTMLElement, row: T) => void): void {
  while (host.children.length > rows.length) host.lastElementChild!.remove();
  rows.forEach((row, at) => {
    const child = (host.children[at] as HTMLElement | undefined) ?? host.appendChild(make());
    set(child, row);
  });
}

function put(child: ParentNode, at: number, text: string): void {
  const one = child.children[at] as HTMLElement;
  if (one.textContent !== text) one.textContent = text;
}

export class Panels {
  private readonly numbers: Intl.NumberFormat;
  private page = 0;
  private shown = "";
  private ended: readonly Ended[] = [];
  private readonly wide = matchMedia("(min-aspect-ratio: 21/9)");

  constructor(private readonly root: HTMLElement, private readonly words: Words, private readonly english: boolean) {
    this.numbers = new Intl.NumberFormat(english ? "en" : "zh");
  }

  update(view: View): void {
    this.say(view);
    this.big(view);
    this.bars(view);
    this.places(view);
    this.legend(view);
    this.standing(view);
    if (view.ended) this.ended = view.ended;
    this.ticks(view.timezone);
  }

  private n(value: number): string { return this.numbers.format(value); }

  private say(view: View): void {
    const w = this.words, worst = view.communities[0];
    const late = !view.late ? w["say_good"]! : worst?.late
      ? fill(w["say_late"]!, { late: this.n(view.late), most: this.n(worst.late), place: worst.name }) + w["end"]!
      : fill(w["say_late_alone"]!, { late: this.n(view.late) }) + w["end"]!;
    const host = find(this.root, "say");
    if (!host.children.length) host.append(node("span"), " ", node("em"));
    put(host, 0, fill(w["say"]!, { came: this.n(view.came), went: this.n(view.went) }));
    put(host, 1, late);
    host.children[1]!.classList.toggle("good", !view.late);
  }

  private big(view: View): void {
    const w = this.words, slow = view.slow, answer = slow?.first_answer;
    const share = view.open ? Math.round((1000 * view.late) / view.open) / 10 : 0;
    const free = slow ? slow.staff.seats - slow.staff.held : 0;
    const rows: [figure: string, unit: string, name: string, more: string, classes: string][] = [
      [this.n(view.came), "", w["came"]!, view.before === null ? "" : fill(w["came_before"]!, { n: this.n(view.before) }), ""],
      [this.n(view.open), "", w["open"]!, view.hold ? fill(w["open_hold"]!, { n: this.n(view.hold) }) : "", ""],
      [this.n(view.late), "", w["late"]!, view.late ? fill(w["late_share"]!, { share: `${share}%` }) : w["late_none"]!, view.late ? "lt" : ""],
      [slow ? this.n(slow.staff.held) : "—", slow ? `/${this.n(slow.staff.seats)}` : "", w["staff"]!,
        !slow ? w["replay_week"]! : free ? fill(w["staff_free"]!, { n: this.n(free) }) : w["staff_full"]!, ""],
      [answer === null || answer === undefined ? "—" : this.n(Math.round(answer / 60)), answer === null || answer === undefined ? "" : w["minutes"]!,
        w["answer"]!, !slow ? w["replay_week"]! : answer === null ? w["answer_none"]! : w["answer_limit"]!, ""],
    ];
    each(find(this.root, "big"), rows, () => {
      const made = node("div"), figure = node("b"), said = node("span");
      figure.append(node("span"), node("small"));
      said.append(node("span"), node("small"));
      made.append(figure, said);
      return made;
    }, (child, [figure, unit, name, more, classes]) => {
      child.className = figure === "—" ? "no" : classes;
      put(child.children[0]!, 0, figure);
      put(child.children[0]!, 1, unit);
      put(child.children[1]!, 0, name);
      put(child.children[1]!, 1, more);
    });
  }

  private bars(view: View): void {
    const most = Math.max(1, ...view.stages.map(([, open]) => open));
    const make = () => {
      const made = node("li"), bar = node("span", "", "bar");
      bar.append(node("i", "", "late"), node("i"));
      made.append(node("span"), bar, node("b"), node("em"));
      return made;
    };
    each(find(this.root, "stages"), view.stages, make, (child, [state, open, late]) => {
      put(child, 0, this.words.stages[state] ?? state);
      const [over, rest] = child.children[1]!.children as unknown as [HTMLElement, HTMLElement];
      over.style.inlineSize = `${(100 * late) / most}%`;
      rest.style.inlineSize = `${(100 * (open - late)) / most}%`;
      rest.className = state === "suspended" ? "hold" : "";
      put(child, 2, this.n(open));
      put(child, 3, late ? fill(this.words["late_of"]!, { n: this.n(late) }) : "");
    });
    const top = Math.max(1, ...view.classes.map((one) => one[3]));
    find(this.root, "came-none").hidden = view.classes.length > 0;
    each(find(this.root, "classes"), view.classes, make, (child, [, name, nameEn, n]) => {
      put(child, 0, (this.english ? nameEn : name) || this.words["others"]!);
      const [over, rest] = child.children[1]!.children as unknown as [HTMLElement, HTMLElement];
      over.style.inlineSize = "0";
      rest.style.inlineSize = `${(100 * n) / top}%`;
      put(child, 2, this.n(n));
    });
    each(find(this.root, "sources"), view.sources.slice(0, 4), () => {
      const made = node("span");
      made.append(node("span"), node("b"));
      return made;
    }, (child, [code, n]) => {
      put(child, 0, this.words.sources[code] ?? code);
      put(child, 1, this.n(n));
    });
  }

  private places(view: View): void {
    each(find(this.root, "places"), view.communities, () => {
      const made = node("li");
      made.append(Object.assign(document.createElement("button"), { type: "button" }));
      return made;
    }, (child, place) => {
      const button = child.children[0] as HTMLButtonElement;
      button.dataset["path"] = place.path;
      const said = fill(this.words["place_said"]!, { place: place.name, open: this.n(place.open), late: this.n(place.late) });
      if (button.textContent !== said) button.textContent = said;
    });
  }

  private legend(view: View): void {
    const host = find(this.root, "legend");
    const rows: [level: string, said: string][] = [
      ["", host.dataset["title"] ?? ""],
      ...legend(view.bounds, this.words as never).map((said, level): [string, string] => [String(level), said]),
      ["late", host.dataset["late"] ?? ""],
    ];
    each(host, rows, () => { const made = node("span"); made.append(node("i"), node("span")); return made; }, (child, [level, said]) => {
      child.dataset["level"] = level;
      put(child, 1, said);
    });
  }

  private standing(view: View): void {
    if (!view.slow) return;
    const found = view.slow.standing;
    find(this.root, "standing-of").textContent = !found ? ""
      : fill(this.words[found.published ? "standing_published" : "standing_running"]!, { period: found.period });
    const rows = found ? found.rows.slice(0, 6).map((row) => [String(row.rank), this.english ? row.name_en : row.name,
      fill(this.words["share"]!, { n: (100 * Number(row.share)).toFixed(1) })]) : [["", this.words["standing_none"]!, ""]];
    each(find(this.root, "standing"), rows, () => {
      const made = node("li");
      made.append(node("span", "", "rk"), node("span"), node("b"));
      return made;
    }, (child, row) => row.forEach((text, at) => put(child, at, text ?? "")));
  }

  /** Turn to the next closed cases. */
  turn(timezone: string): void {
    this.page += 1;
    this.ticks(timezone);
  }

  private ticks(timezone: string): void {
    const many = this.wide.matches ? 5 : 3, pages = Math.max(1, Math.ceil(this.ended.length / many));
    const from = (this.page % pages) * many, rows = this.ended.slice(from, from + many);
    const key = JSON.stringify([rows, many]);
    if (key === this.shown) return;
    this.shown = key;
    const host = find(this.root, "ticks");
    host.replaceChildren(...(rows.length ? rows.map((row) => this.tick(row, timezone)) : [node("p", this.words["ended_none"]!, "soft")]));
  }

  private tick(row: Ended, timezone: string): HTMLElement {
    const made = node("figure"), caption = node("figcaption");
    if (row.photos) {
      const pair = node("span", "", "pair");
      for (const side of ["before", "after"]) {
        const image = document.createElement("img");
        image.src = `${this.root.dataset["photos"]}${row.photos}/${side}?v=${row.closed_at}`;
        image.alt = this.words[side]!;
        image.addEventListener("error", () => pair.remove());
        pair.append(image);
      }
      made.append(pair);
    }
    const at = row.closed_at / 1000, day = (moment: number) => new Intl.DateTimeFormat("en-CA", { timeZone: timezone }).format(moment);
    const time = new Intl.DateTimeFormat(this.english ? "en-GB" : "zh-CN", {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: timezone,
      ...(day(at) === day(Date.now()) ? {} : { month: "short", day: "numeric" }),
    }).format(at);
    const took = span(row.seconds, this.words as never);
    caption.append(node("strong", this.english ? row.name_en : row.name), node("span", this.english ? row.place_en : row.place),
      node("span", `${time} · ${fill(this.words["took"]!, { span: took })}`));
    made.append(caption);
    return made;
  }
}
