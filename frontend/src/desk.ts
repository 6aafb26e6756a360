// The desk's one script. Each controller looks for its own elements and rests where there are none.
import "./style/tokens.css";
import "./style/base.css";
import "./style/layout.css";
import "./style/controls.css";
import "./style/status.css";
import "./style/list.css";
import "./style/story.css";
import "./style/evidence.css";
import "./style/map.css";
import "./style/feedback.css";
import "./style/desk.css";
import "./style/reporting.css";
import "./style/print.css";
import htmx from "htmx.org";
import { casePage } from "./case.ts";
import { dialogs } from "./dialogs.ts";
import { photos } from "./photos.ts";
import { place } from "./place.ts";
import { queue } from "./queue.ts";
import { themeToggles } from "./theme.ts";

Object.assign(window, { htmx });
themeToggles();
dialogs();
queue();
casePage();
photos();
place();
