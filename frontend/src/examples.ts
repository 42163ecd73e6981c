/** A ready-made operation, as the API offers it. */
export interface Example {
  name: string;
  /** The screen that it belongs to, such as "02 contract list". */
  screen: string;
  /** The operation's text. */
  document: string;
  variables?: Record<string, unknown> | null;
  /** True for one that a first visit opens in a tab. */
  tab?: boolean;
  /** What it shows when a link in a mail asks for it, such as "contracts": a query whose one variable is the id. */
  place?: string | null;
}

/** The examples that the API's schema supports, in its order. Throws when they can't be had. */
export async function loadExamples(): Promise<Example[]> {
  const response = await fetch('/graphql/examples.json', { credentials: 'same-origin' });
  if (!response.ok) {
    throw new Error(`/graphql/examples.json: status ${response.status}`);
  }
  return (await response.json()) as Example[];
}

/** The example's variables as the editor shows them; empty when it has none. */
export function variablesText({ variables }: Example): string {
  return variables && Object.keys(variables).length > 0 ? JSON.stringify(variables, null, 2) : '';
}

/** The examples that mention `search` in name, screen or document, by screen. */
export function byScreen(examples: Example[], search: string): Map<string, Example[]> {
  const sought = search.trim().toLowerCase();
  const screens = new Map<string, Example[]>();
  for (const example of examples) {
    if (`${example.name}\n${example.screen}\n${example.document}`.toLowerCase().includes(sought)) {
      screens.set(example.screen, [...(screens.get(example.screen) ?? []), example]);
    }
  }
  return screens;
}
