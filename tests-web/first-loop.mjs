// The closed loop of README, step by step as it is written there, without scripts: from adding
// somebody by a nickname to the need that is met, and what the manager sees. Started by `cargo xtask test --only pages`.

import assert from 'node:assert/strict';
import { launch, Visitor } from './lib/browser.mjs';
import { readArguments } from './lib/arguments.mjs';

const given = readArguments(['base', 'chromium']);
const browser = await launch(given.chromium);
const visitor = await Visitor.arrive(browser, new URL(given.base), { scripts: false });
const { page } = visitor;
let opened = 0;
page.on('load', () => (opened += 1));

/** The page says this. */
async function says(words) {
  const text = (await page.locator('body').innerText()).replace(/\s+/g, ' ');
  assert.ok(text.includes(words), `${new URL(page.url()).pathname} does not say "${words}": ${text.slice(0, 600)}`);
}

/** Another name each time, because the same name within some minutes is asked about. */
const called = `Badger ${Date.now() % 100_000}`;
const began = Date.now();

try {
  // 1. Add someone.
  await visitor.signIn('Aisha Rahman');
  await visitor.follow([
    { click: 'Add someone' },
    { fill: { called, safe_way: 'Tuesday drop-in, ask Joan' }, choose: { safe_channel: 'Through someone they trust' }, submit: 'Add them' },
  ]);
  await says(called);
  const person = page.url();
  // 2. A need, in his words.
  await visitor.follow([
    { click: 'Add a need' },
    { fill: { words: 'get my money back' }, choose: { area: 'money' }, submit: 'Save the need' },
  ]);
  const need = page.url();
  // 3. Find support.
  await visitor.follow([{ click: 'Find support' }, { click: '/^Refer Benefits advice/' }]);
  // 4. Ask as it is really asked.
  await visitor.follow([{ click: '/Choose what goes/' }, { click: '/Show it to read aloud/' }]);
  await says('get my money back');
  await visitor.follow([{ click: '/They agreed: write down how/' }]);
  await visitor.follow([
    { choose: { how: 'read_aloud', presence: 'alone' }, fill: { words: 'Go on then' }, submit: '/Go on to check/' },
  ]);
  await says('Go on then');
  await visitor.follow([{ submit: '/^Send/' }]);
  await says('Read aloud, nobody else present');
  // 5. Answer: Joan says yes with a date, a date is agreed, he came, and it ends with his words.
  await visitor.signIn('Joan Whitcombe');
  await visitor.follow([{ click: called }]);
  const request = page.url();
  await visitor.follow([{ click: '/^Say yes/' }]);
  const [day, month, year] = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London' })
    .format(new Date())
    .split('/')
    .map((part) => `${Number(part)}`);
  const back = { go: new URL(request).pathname };
  await visitor.follow([
    { submit: 'Say yes' },
    back,
    { click: 'A date is agreed' },
    { fill: { 'date1-day': day, 'date1-month': month, 'date1-year': year, time1: '11:59pm', place: 'the library' }, submit: 'Save the date' },
    back,
    { click: 'They came' },
    { submit: 'Save: they came' },
    back,
    { click: 'It has ended' },
    { choose: { happened: 'yes', helped: 'yes' }, fill: { said: 'I have my money back' }, submit: 'Save' },
  ]);
  await says('I have my money back');
  // 6. See it come back: Today shows it, he is told, and the need is met.
  await visitor.signIn('Aisha Rahman');
  await says(called);
  await visitor.follow([{ go: new URL(person).pathname }, { click: '/Benefits advice/' }]);
  await visitor.follow([{ click: '/I have told/' }]);
  await says('The person was told');
  await visitor.follow([{ go: new URL(need).pathname }]);
  await page.locator('summary', { hasText: 'It was met' }).click();
  await visitor.follow([{ submit: 'It was met' }]);
  await says('Met');
  // 7. From the other side: nothing is lost.
  await visitor.signIn('Nadia Siddiq');
  await says('Nobody is lost');
  console.log(`  a closed loop without scripts: ${opened} pages in ${Math.round((Date.now() - began) / 1000)} s`);
} catch (error) {
  console.error(`  ${error.message}`);
  process.exitCode = 1;
}
await browser.close();
