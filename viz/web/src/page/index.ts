/** What every page does in the browser: the switch of the theme, and tables that sort. Pages work without it. */
import { startTables } from "./sort";
import { startTheme } from "./theme";

startTheme(document);
startTables(document);
