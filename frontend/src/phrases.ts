// Standard phrases: pressed once they are added to the words, pressed again they go.

/** Add the phrase to what was written, or take it out again. */
export function toggled(text: string, phrase: string): string {
  if (text.includes(phrase)) return text.replace(phrase, "").replace(/^[，,。；;\s]+|[，,；;\s]+$/g, "").replace(/[，,；;]{2,}/g, "，");
  return text.trim() ? `${text.trim().replace(/[。.]$/, "")}，${phrase}` : phrase;
}
