// How large a photo is sent.
export const LONGEST = 1600;

/** The size that fits the longest side, never larger than the picture. */
export function fitted(width: number, height: number, longest = LONGEST): [number, number] {
  const factor = Math.min(1, longest / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}
