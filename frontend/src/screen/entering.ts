// The token of a display's link stands behind the #, which no server is sent. It leaves the address at once and is
// traded for a cookie; while the server is away it waits in memory.
const AGAIN = 5_000;

/** Whether this page was opened by a link and is on its way in. */
export function enter(shut: HTMLElement | null): boolean {
  const token = location.hash.slice(1);
  if (!token.startsWith("wd_")) return false;
  history.replaceState(null, "", location.pathname + location.search);
  void send(token, shut);
  return true;
}

async function send(token: string, shut: HTMLElement | null): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("[data-enter]")!;
  const words = JSON.parse(document.querySelector<HTMLElement>("[data-words]")?.dataset["words"] ?? "{}") as Record<string, string>;
  const host = document.querySelector<HTMLElement>("[data-shut-words], [data-mark-words]");
  if (host) host.textContent = words["entering"] ?? "";
  const body = new FormData(form);
  body.set("token", token);
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" }).catch(() => undefined);
  if (answer?.ok) location.reload();
  else if (answer?.status === 401) { if (host) host.textContent = words["closed"] ?? ""; shut?.setAttribute("data-closed", ""); }
  else setTimeout(() => void send(token, shut), AGAIN);
}
