// Whether the shell stands around a page already. Pages about failures are shown with and without it.
import { createContext, useContext } from "react";

export const Inside = createContext(false);
export const useInside = () => useContext(Inside);
