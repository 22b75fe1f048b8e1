import { stringify } from "yaml";

/** Documents of one file. Long lines stay whole, since the boot script reads some of them by line. */
export const yamlText = (...documents: readonly object[]): string =>
  documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
