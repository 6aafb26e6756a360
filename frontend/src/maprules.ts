// What the map's colours and lines mean, apart from any drawing.
const STEPS = [1, 3, 6, 10];

/** 0 to 4 for the number of open cases: one hue, more ink for more. */
export function heat(open: number): number {
  return STEPS.filter((least) => open >= least).length;
}

/** The radius in pixels of a heap of so many cases: area for amount, but never too small for its number. */
export function heapRadius(cases: number): number {
  return Math.min(26, 9 + Math.round(Math.sqrt(cases)));
}
