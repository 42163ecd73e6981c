import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

import { type Example, variablesText } from './examples';

/** Opens an example in a tab of its own, and goes there; null while there are no editors yet to put it in. */
export function useOpenInNewTab(): ((example: Example) => void) | null {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  if (!queryEditor || !variableEditor) {
    return null;
  }
  return (example) => {
    addTab();
    queryEditor.setValue(example.document);
    variableEditor.setValue(variablesText(example));
  };
}
