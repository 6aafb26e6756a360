// The numbers of the list as it was left, for the case pages opened from it. They stay in this tab.
const KEY = "list";

export interface Position { n: number; all: number; previous: string | undefined; next: string | undefined }

/** Keep the numbers of the rows on the screen. */
export function remember(numbers: readonly string[]): void {
  sessionStorage.setItem(KEY, JSON.stringify(numbers));
}

export function remembered(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** Where a number stands among them, counted from 1; undefined where it does not. */
export function beside(numbers: readonly string[], number: string): Position | undefined {
  const at = numbers.indexOf(number);
  return at < 0 ? undefined : { n: at + 1, all: numbers.length, previous: numbers[at - 1], next: numbers[at + 1] };
}
