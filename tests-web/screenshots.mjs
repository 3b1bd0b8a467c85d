// Takes the pictures of pictures.json: each at desktop width and at 320 px, into one folder, and the
// printed pages as PDF. Started by `cargo xtask screenshots --out DIR`.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, readJson } from './lib/arguments.mjs';
import { launch, Visitor } from './lib/browser.mjs';
import { NARROW } from './lib/inspect.mjs';

const given = readArguments(['base', 'chromium', 'out'], { pictures: 'pictures.json', only: '' });
const list = readJson(given.pictures);
const only = new RegExp(given.only);
const wanted = ({ name }) => only.test(name);
mkdirSync(given.out, { recursive: true });
const browser = await launch(given.chromium);
const failures = [];

/** Goes to where the picture is taken, as the person it names, and does something there. */
async function at({ name, user, theme, steps }, size, take) {
  const visitor = await Visitor.arrive(browser, given.base, { ...size, theme });
  try {
    if (user) await visitor.signIn(user);
    await visitor.follow(steps);
    await take(visitor.page);
    console.log(`  ${name} ${size.width} px: ${new URL(visitor.page.url()).pathname}`);
  } catch (error) {
    failures.push(`${name} at ${size.width} px: ${error.message.split('\n')[0]}`);
  } finally {
    await visitor.leave();
  }
}

for (const picture of list.pictures.filter(wanted)) {
  // A picture of a whole long page is unreadable in a document; the top of it shows what matters first.
  const fullPage = picture.whole ?? false;
  await at(picture, { width: 1280, height: picture.height ?? 900 }, (page) => page.screenshot({ path: join(given.out, `${picture.name}.png`), fullPage }));
  // What a picture adds to the place on its way can be added once.
  if (picture.once) continue;
  await at(picture, { width: NARROW, height: 640 }, (page) => page.screenshot({ path: join(given.out, `${picture.name}-320.png`), fullPage: true }));
}

for (const print of list.prints.filter(wanted)) {
  // The paper's size and margins are the page's own, in its print style.
  await at(print, { width: 1280, height: 900 }, async (page) => {
    writeFileSync(join(given.out, `${print.name}.pdf`), await page.pdf({ preferCSSPageSize: true, format: 'A4' }));
  });
}

await browser.close();
for (const failure of failures) console.error(`  ${failure}`);
process.exit(failures.length > 0 ? 1 : 0);
