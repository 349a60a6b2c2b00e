// TEMPORARY until the module says label where it says digit.

export function labelled(answer) {
  if (answer === null || typeof answer !== "object" || ArrayBuffer.isView(answer)) return answer;
  if (Array.isArray(answer)) return answer.map(labelled);
  const entries = Object.entries(answer).map(([key, value]) => [
    key === "digit" ? "label" : key === "digits" ? "labels" : key,
    labelled(value),
  ]);
  return Object.fromEntries(entries);
}
