import { type Example, variablesText } from './examples';

const TABS = 'graphiql:tabState';
const VARIABLES = 'graphiql:variables';
const GIVEN = 'econtracting:given-variables';

/** What GraphiQL keeps of its tabs, as far as it matters here. */
interface KeptTabs {
  activeTabIndex: number;
  tabs: { title: string; variables: string | null }[];
}

/**
 * Gives the kept tabs of examples the values of whoever is signed in now, and of the versions that things have now,
 * where the person has not put others in their place. To be called before GraphiQL reads its tabs.
 */
export function refreshKeptTabs(examples: Example[]): void {
  const given = read<Record<string, string>>(GIVEN) ?? {};
  const fresh = Object.fromEntries(examples.map((example) => [example.name, variablesText(example)]));
  localStorage.setItem(GIVEN, JSON.stringify(fresh));
  const kept = read<KeptTabs>(TABS);
  if (!Array.isArray(kept?.tabs)) {
    return;
  }
  for (const tab of kept.tabs) {
    const value = fresh[tab.title];
    if (value !== undefined && isUntouched(tab.variables, given[tab.title])) {
      tab.variables = value;
    }
  }
  localStorage.setItem(TABS, JSON.stringify(kept));
  // GraphiQL keeps what stands in its editor once more, and opens a tab for it when no tab has it.
  localStorage.setItem(VARIABLES, kept.tabs[kept.activeTabIndex]?.variables ?? '');
}

function isUntouched(variables: string | null, given: string | undefined): boolean {
  return !variables?.trim() || variables === given;
}

function read<Kept>(key: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}
