/** What every page does in the browser: the switch of the theme, tables that sort, years that play. Pages work without it. */
import { startCopy } from "../copy";
import { startPlay } from "./play";
import { startTables } from "./sort";
import { startTheme } from "./theme";

startTheme(document);
startTables(document);
void startCopy(document)
  .catch(() => null)
  .then((show) => startPlay(document, show));
