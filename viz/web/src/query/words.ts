// The words of the page's script, given by the page in the reader's language.
export type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Words from the page's JSON. A key that is not there is shown as it is, so that a test sees it. */
export function words(text: string): Words {
  const table = JSON.parse(text) as Record<string, string>;
  return (key, values = {}) =>
    Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, String(value)), table[key] ?? key);
}
