// Walks every role of pages.json through a running Kith and writes a report.
// Started by `cargo xtask test --only pages` and `cargo xtask prove axe`.

import { writeFileSync } from 'node:fs';
import { launch } from './lib/browser.mjs';
import { readArguments, readJson } from './lib/arguments.mjs';
import { Report, walk } from './lib/walk.mjs';

const given = readArguments(['base', 'chromium', 'report'], { pages: 'pages.json', long: 'no', of: 'place', roles: '' });
const plan = readJson(given.pages);
const wanted = given.roles ? given.roles.split(',') : null;
const roles = plan.roles.filter((role) => (role.of ?? 'place') === given.of && (!wanted || wanted.includes(role.name)));
const browser = await launch(given.chromium);
const settings = { browser, base: new URL(given.base), long: given.long === 'yes' };
const report = new Report();

// Several walks at a time, because the machine that checks has two cores and a walk often waits for the
// browser. A list is shared between all.
const PARTS = 3;
const parts = [...Array(PARTS).keys()];
const waiting = roles.flatMap((role) =>
  role.index ? parts.map((part) => ({ ...role, index: { path: role.index, part, parts: PARTS } })) : [role],
);
async function takeTurns() {
  for (let role = waiting.shift(); role; role = waiting.shift()) {
    const began = Date.now();
    const pages = await walk(role, plan, settings, report);
    console.log(`  ${role.name}: ${pages} pages in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
}
await Promise.all(parts.map(takeTurns));
await browser.close();

for (const line of report.repeated()) console.log(`  ${line}`);
const kinds = [...report.kinds].sort();
writeFileSync(given.report, JSON.stringify({ passed: report.passed, failed: report.failed, pages: report.pages, kinds, findings: report.findings }, null, 1));
console.log(`  ${report.pages} pages of ${kinds.length} kinds: ${report.passed} checks passed, ${report.failed} failed`);
process.exit(report.failed > 0 ? 1 : 0);
