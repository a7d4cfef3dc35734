// The document's named schemas, for every part that follows references.
import { createContext, useContext } from "react";
import type { Schemas } from "../read/shape";

const Context = createContext<Schemas>({});

export const SchemasProvider = Context.Provider;
export const useSchemas = () => useContext(Context);
