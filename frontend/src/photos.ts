// Chosen photos: shown, removable, shrunk to 1600 px JPEG before they are sent. Without this script the
// plain file field does its work.
import { fitted } from "./fitting.ts";

async function shrunk(file: File): Promise<File> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const [width, height] = fitted(picture.width, picture.height);
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // not a picture that this browser can read: the server decides
  }
}

export function photos(): void {
  document.querySelectorAll<HTMLElement>("[data-photos]").forEach((field) => {
    const input = field.querySelector<HTMLInputElement>("input[type=file]");
    const template = field.querySelector<HTMLTemplateElement>("template");
    if (!input || !template) return;
    const most = Number(field.dataset["photos"]) || 3;
    let kept: File[] = [];

    const draw = () => {
      const bag = new DataTransfer();
      kept.forEach((file) => bag.items.add(file));
      input.files = bag.files;
      field.querySelectorAll<HTMLElement>(".shot").forEach((shot) => {
        URL.revokeObjectURL(shot.querySelector("img")?.src ?? "");
        shot.remove();
      });
      kept.forEach((file) => {
        const shot = (template.content.cloneNode(true) as DocumentFragment).querySelector<HTMLElement>(".shot")!;
        shot.querySelector("img")!.src = URL.createObjectURL(file);
        shot.querySelector("button")!.addEventListener("click", () => {
          kept = kept.filter((one) => one !== file);
          draw();
        });
        field.querySelector(".add")?.before(shot);
      });
      field.querySelector<HTMLElement>(".add")!.hidden = kept.length >= most;
    };

    input.addEventListener("change", async () => {
      const chosen = [...(input.files ?? [])];
      field.setAttribute("aria-busy", "true");
      for (const file of chosen.slice(0, most - kept.length)) kept.push(await shrunk(file));
      field.removeAttribute("aria-busy");
      draw();
    });
  });
}
