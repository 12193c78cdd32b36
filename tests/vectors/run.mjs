// For Node: reads {cases} or {pages} from standard input, writes the differences.

import { readFileSync } from "node:fs";

import * as page from "../../static/js/page.js";
import * as rules from "../../static/js/rules.js";
import { differences, differentPages } from "./compare.mjs";

const { cases, pages } = JSON.parse(readFileSync(0, "utf8"));
const found = cases ? differences(rules, cases) : differentPages(page, pages);
console.log(JSON.stringify(found));
