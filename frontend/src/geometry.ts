// From degrees to the units of a small drawing and back. Equirectangular about the middle: right to a
// metre over the ten kilometres of a subdistrict.
export type Ring = ReadonlyArray<readonly number[]>;

export interface Geometry {
  type: string;
  coordinates: unknown;
}

export interface Frame {
  west: number;
  north: number;
  perDegreeX: number;
  perDegreeY: number;
  width: number;
  height: number;
}

/** The outer and inner rings of a polygon or multipolygon; nothing for other shapes. */
export function rings(geometry: Geometry | null): Ring[] {
  if (geometry?.type === "Polygon") return geometry.coordinates as Ring[];
  if (geometry?.type === "MultiPolygon") return (geometry.coordinates as Ring[][]).flat();
  return [];
}

/** The frame that holds all rings in a drawing `width` units wide. */
export function frameOf(all: Iterable<Ring>, width = 1000): Frame {
  let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
  for (const ring of all) {
    for (const [lon = 0, lat = 0] of ring) {
      west = Math.min(west, lon); east = Math.max(east, lon);
      south = Math.min(south, lat); north = Math.max(north, lat);
    }
  }
  if (!(east > west) || !(north > south)) return { west: 0, north: 0, perDegreeX: 1, perDegreeY: 1, width, height: width };
  const perDegreeX = width / (east - west);
  const perDegreeY = perDegreeX / Math.cos(((north + south) / 2) * (Math.PI / 180));
  return { west, north, perDegreeX, perDegreeY, width, height: (north - south) * perDegreeY };
}

export function project(frame: Frame, lon: number, lat: number): [number, number] {
  return [(lon - frame.west) * frame.perDegreeX, (frame.north - lat) * frame.perDegreeY];
}

/** The inverse of `project`, rounded to the 1e-7 degree that the journal keeps. */
export function unproject(frame: Frame, x: number, y: number): [number, number] {
  const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
  return [round(x / frame.perDegreeX + frame.west), round(frame.north - y / frame.perDegreeY)];
}

/** The `d` of an SVG path. */
export function path(frame: Frame, all: Iterable<Ring>): string {
  let d = "";
  for (const ring of all) {
    ring.forEach(([lon = 0, lat = 0], index) => {
      const [x, y] = project(frame, lon, lat);
      d += `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    d += "Z";
  }
  return d;
}

/** Whether the point lies inside (even-odd over all rings). */
export function covers(all: Iterable<Ring>, lon: number, lat: number): boolean {
  let inside = false;
  for (const ring of all) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi = 0, yi = 0] = ring[i] ?? [];
      const [xj = 0, yj = 0] = ring[j] ?? [];
      if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}
