import type { GraphiQLPlugin } from '@graphiql/react';
import { useState } from 'react';

import { byScreen, type Example } from './examples';
import { useOpenInNewTab } from './new-tab';

/** The side panel with every example; `examples` is null when they could not be loaded. */
export function examplesPlugin(examples: Example[] | null): GraphiQLPlugin {
  return {
    title: 'Voorbeelden',
    icon: ListIcon,
    content: () => <ExamplesPanel examples={examples} />,
  };
}

function ExamplesPanel({ examples }: { examples: Example[] | null }) {
  const [search, setSearch] = useState('');
  const open = useOpenInNewTab();
  const screens = byScreen(examples ?? [], search);

  return (
    <section className="examples" aria-label="Voorbeelden">
      <h2>Voorbeelden</h2>
      <input
        type="search"
        value={search}
        placeholder="Zoeken"
        aria-label="Zoeken in de voorbeelden"
        onChange={(event) => setSearch(event.target.value)}
      />
      {examples === null && <p role="alert">De voorbeelden konden niet worden geladen.</p>}
      {examples !== null && screens.size === 0 && <p role="status">Geen voorbeelden gevonden.</p>}
      {[...screens].map(([screen, ofScreen]) => (
        <section key={screen} aria-label={screen}>
          <h3>{screen}</h3>
          <ul>
            {ofScreen.map((example) => (
              <li key={example.name}>
                <button type="button" disabled={open === null} onClick={() => open?.(example)}>
                  {example.name}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function ListIcon() {
  return (
    <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round">
      <path d="M3 4.5h1M3 10h1M3 15.5h1M7.5 4.5H17M7.5 10H17M7.5 15.5H17" />
    </svg>
  );
}
