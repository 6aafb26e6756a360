// Where it is: tap the small map, or ask the device; words are enough too.
import { SmallMap } from "./smallmap.ts";

const PATIENCE = 5000;

export function place(): void {
  document.querySelectorAll<HTMLElement>("[data-place]").forEach((box) => {
    const map = box.querySelector<HTMLElement>("[data-map]");
    const said = box.querySelector<HTMLElement>("[data-said]");
    const lon = box.querySelector<HTMLInputElement>("[name=lon]");
    const lat = box.querySelector<HTMLInputElement>("[name=lat]");
    const here = box.querySelector<HTMLButtonElement>("[data-here]");
    if (!map) return;
    const small = new SmallMap(map);
    const set = (x: number, y: number, name?: string, around = "") => {
      if (!lon || !lat) return;
      lon.value = String(x);
      lat.value = String(y);
      if (said) said.textContent = `${name ?? box.dataset["outside"] ?? ""}${around}`;
    };
    if (lon) small.onpick = (x, y, area) => set(x, y, area?.properties.name);
    // The grids are fetched only when the map comes into view.
    new IntersectionObserver((seen, observer) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      observer.disconnect();
      void small.load();
    }).observe(map);
    if (!here || !navigator.geolocation) return;
    here.hidden = false;
    here.addEventListener("click", () => {
      here.setAttribute("aria-busy", "true");
      const rest = () => here.removeAttribute("aria-busy");
      navigator.geolocation.getCurrentPosition(
        ({ coords: { longitude, latitude, accuracy } }) => {
          rest();
          const area = small.mark(longitude, latitude, 1.2);
          set(longitude, latitude, area?.properties.name, ` ± ${Math.round(accuracy)} m`);
        },
        () => {
          rest();
          if (said) said.textContent = box.dataset["unknown"] ?? "";
        },
        { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60_000 },
      );
    });
  });
}
