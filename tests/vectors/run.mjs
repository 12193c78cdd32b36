// For Node: reads cases from standard input, writes the differences to standard output.

import { readFileSync } from "node:fs";

import * as decimal from "../../static/js/decimal.js";
import * as rules from "../../static/js/rules.js";
import { differences } from "./compare.mjs";

console.log(JSON.stringify(differences(rules, decimal, JSON.parse(readFileSync(0, "utf8")))));
