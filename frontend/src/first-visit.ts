import type { GraphiQLProps } from 'graphiql';

import { type Example, variablesText } from './examples';

/** What stands above the first operation that a newcomer sees. */
export const WELCOME = `# Welkom bij e-Contracting Access.
#
# Elk tabblad bevat één bewerking:
# Ctrl-Enter voert ze uit, het antwoord
# verschijnt rechts. Links staan meer
# voorbeelden. Meld u bovenaan rechts aan;
# anders kunt u alleen het schema lezen.
# Een systeem zet zijn token bij "Headers":
# {"authorization": "Bearer …"}

`;

/** True while GraphiQL has kept no tabs in this browser. */
export function isFirstVisit(): boolean {
  return localStorage.getItem('graphiql:tabState') === null;
}

/** GraphiQL's tabs for a first visit: the marked examples, with the welcome above the first. */
export function firstTabs(examples: Example[]): Pick<GraphiQLProps, 'defaultTabs'> {
  const tabs = examples
    .filter((example) => example.tab)
    .map((example, index) => ({
      query: index === 0 ? WELCOME + example.document : example.document,
      variables: variablesText(example),
    }));
  return tabs.length > 0 ? { defaultTabs: tabs } : {};
}
