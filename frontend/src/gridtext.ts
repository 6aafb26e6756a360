// Corners as the forms take them, and numbers as they are kept: degrees with seven digits.

/** One corner a line: longitude, latitude. */
export function lines(points: number[][]): string {
  return points.map(([lon, lat]) => `${(lon ?? 0).toFixed(7)}, ${(lat ?? 0).toFixed(7)}`).join("\n");
}

/** The same value with every number rounded to seven digits. */
export function rounded<T>(value: T): T {
  if (typeof value === "number") return (Math.round(value * 1e7) / 1e7) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rounded(one)])) as T;
  return value;
}
