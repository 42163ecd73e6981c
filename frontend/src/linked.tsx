import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';

import { type Example, variablesText } from './examples';
import { useOpenInNewTab } from './new-tab';

/**
 * The example that the page's address asks for, `?place=contracts&id=…`, with that id; null when it asks for none.
 *
 * An address chooses among the examples with a place, which only ask, and gives nothing but the id.
 */
export function linkedExample(examples: Example[]): Example | null {
  const asked = new URLSearchParams(location.search);
  const place = asked.get('place');
  const id = asked.get('id');
  const example = place && examples.find((each) => each.place === place);
  return example && id ? { ...example, variables: { id } } : null;
}

/** Opens the example that the page was asked for and runs it, in the tab that has it or a new one. */
export function OpenLinked({ example }: { example: Example | null }) {
  const { changeTab, run } = useGraphiQLActions();
  const open = useOpenInNewTab();
  const tabs = useGraphiQL((state) => state.tabs);
  const ready = open !== null;

  useEffect(() => {
    if (!open || !example) {
      return;
    }
    const kept = tabs.findIndex(
      (tab) => tab.query === example.document && tab.variables === variablesText(example),
    );
    if (kept === -1) {
      open(example);
    } else {
      changeTab(kept);
    }
    void run();
    // Who comes back to the page, or makes it anew, finds it as they left it.
    history.replaceState(null, '', location.pathname);
    // Once, as the editors appear.
  }, [ready]);

  return null;
}
