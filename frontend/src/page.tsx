import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useState } from 'react';

import { fetcher } from './api';
import type { Example } from './examples';
import { examplesPlugin } from './examples-panel';
import { firstTabs, isFirstVisit, WELCOME } from './first-visit';
import { linkedExample, OpenLinked } from './linked';
import { ShowVariables } from './show-variables';
import { TopBar } from './top-bar';

/** The whole page; `examples` is null when they could not be loaded. */
export function Page({ examples }: { examples: Example[] | null }) {
  // GraphiQL compares plugins by identity: they are made once.
  const [panel] = useState(() => examplesPlugin(examples));
  const [plugins] = useState(() => [panel, explorerPlugin(), HISTORY_PLUGIN]);
  const [visible] = useState(() => (isFirstVisit() ? { visiblePlugin: panel } : {}));
  const [tabs] = useState(() => firstTabs(examples ?? []));
  const [linked] = useState(() => linkedExample(examples ?? []));

  return (
    <>
      <TopBar />
      <main>
        <GraphiQL
          fetcher={fetcher}
          plugins={plugins}
          defaultQuery={WELCOME}
          defaultEditorToolsVisibility="variables"
          // A token typed under Headers is not kept in the browser, and nobody is offered to.
          shouldPersistHeaders={false}
          inputValueDeprecation
          schemaDescription
          {...visible}
          {...tabs}
        >
          <GraphiQL.Logo>GraphiQL</GraphiQL.Logo>
          <ShowVariables />
          <OpenLinked example={linked} />
        </GraphiQL>
      </main>
    </>
  );
}
