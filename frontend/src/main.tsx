import 'graphiql/setup-workers/vite';
import '@graphiql/react/style.css';
import 'graphiql/graphiql.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import './page.css';

import { createRoot } from 'react-dom/client';

import { loadExamples } from './examples';
import { refreshKeptTabs } from './kept-tabs';
import { Page } from './page';

const place = document.getElementById('page');
if (!place) {
  throw new Error('index.html has no element with the id "page"');
}

// GraphiQL takes its first tabs when it is made, so the examples come first. Without them it is still of use.
const examples = await loadExamples().catch((reason: unknown) => {
  console.error(reason);
  return null;
});
if (examples) {
  refreshKeptTabs(examples);
}
createRoot(place).render(<Page examples={examples} />);
