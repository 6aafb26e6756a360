// The residents' pages: they work without this script; with it, photos are shrunk and the map picks a place.
import "./style/tokens.css";
import "./style/base.css";
import "./style/layout.css";
import "./style/controls.css";
import "./style/status.css";
import "./style/evidence.css";
import "./style/map.css";
import "./style/feedback.css";
import "./style/public.css";
import "./style/reporting.css";
import "./style/print.css";
import "./style/card.css";
import { photos } from "./photos.ts";
import { place } from "./place.ts";
import { printing } from "./printing.ts";
import { themeToggles } from "./theme.ts";

themeToggles();
photos();
place();
printing();
