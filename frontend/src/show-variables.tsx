import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';

/** Shows the variables of the tab that the page opens with: GraphiQL does so only when one goes to a tab. */
export function ShowVariables() {
  const { changeTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const index = useGraphiQL((state) => state.activeTabIndex);
  const variables = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.variables);

  useEffect(() => {
    if (queryEditor && variableEditor?.getValue() === '' && variables) {
      changeTab(index);
    }
    // Only as the editors appear; later an empty editor is what the person made of it.
  }, [queryEditor, variableEditor]);

  return null;
}
