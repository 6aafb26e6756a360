// What the bar above the list says of the chosen rows, apart from any page.

/** How many of the rows, each with its deeds separated by spaces, allow this deed. */
export function fitting(rows: readonly string[], deed: string): number {
  return rows.filter((deeds) => deeds.split(" ").includes(deed)).length;
}

/** “Dispatch {n}” with the number in its place. */
export function counted(text: string, n: number): string {
  return text.replace("{n}", String(n));
}
