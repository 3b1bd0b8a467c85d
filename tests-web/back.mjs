// Going back, loading again and two windows, in a real browser and without scripts: whatever a form
// answered, the browser can come back to it, and nothing is sent twice.
// Started by `cargo xtask test --only pages`.

import assert from 'node:assert/strict';
import { launch, Visitor } from './lib/browser.mjs';
import { readArguments } from './lib/arguments.mjs';

const given = readArguments(['base', 'chromium']);
const base = new URL(given.base);
const browser = await launch(given.chromium);
let passed = 0;

/** One story; it stops the whole script with a sentence when it does not come true. */
async function story(what, scripts, tell) {
  const visitor = await Visitor.arrive(browser, base, { scripts });
  try {
    await tell(visitor, visitor.page);
    passed += 1;
  } catch (error) {
    console.error(`  ${what}${scripts ? '' : ' (no scripts)'}: ${error.message}`);
    process.exitCode = 1;
  } finally {
    await visitor.leave();
  }
}

/** The browser shows one of our pages, and no question or error of its own. */
async function ours(page, words) {
  const url = page.url();
  assert.ok(url.startsWith(base.origin), `it stands at ${url}`);
  const text = await page.locator('body').innerText();
  assert.ok(text.includes(words), `${new URL(url).pathname} does not say "${words}": ${text.slice(0, 300)}`);
}

const typed = (page, name) => page.locator(`[name="${name}"]`).first().inputValue();

// Names of this run alone: the same name within some minutes is asked about.
const run = Date.now() % 1_000_000;

for (const scripts of [true, false]) {
  await story('a form with something wrong, gone on from and back to', scripts, async (visitor, page) => {
    await visitor.signIn('Aisha');
    await visitor.follow([{ go: '/people/add' }, { fill: { called: '', next_what: 'Meet by the canal' } }, { submit: 'Add them' }]);
    await ours(page, 'Enter the name they like to be called');
    await page.goBack();
    await ours(page, 'Add someone');
    await page.goForward();
    await ours(page, 'Enter the name they like to be called');
    assert.equal(await typed(page, 'next_what'), 'Meet by the canal');
    await page.reload();
    await ours(page, 'Enter the name they like to be called');
    assert.equal(await typed(page, 'next_what'), 'Meet by the canal');
    // Put right; then back to the form, and sent once more: one person.
    await visitor.follow([{ fill: { called: `Canal ${run} ${scripts}` } }, { submit: 'Add them' }]);
    await ours(page, `Canal ${run} ${scripts}`);
    const person = page.url();
    await page.reload();
    await ours(page, `Canal ${run} ${scripts}`);
    await page.goBack();
    await ours(page, 'Enter the name they like to be called');
    await visitor.follow([{ fill: { called: `Canal ${run} ${scripts}` } }, { submit: 'Add them' }]);
    assert.equal(page.url(), person, 'the same person again');
  });

  await story('what was found, gone on from and back to', scripts, async (visitor, page) => {
    await visitor.follow([{ go: '/find' }, { fill: { words: 'debt' } }, { submit: '/^(Find|Search|Show)/' }]);
    await ours(page, 'debt');
    const results = await page.locator('main').innerText();
    await page.locator('main a[href^="/services/"]').first().click();
    await page.waitForLoadState('load');
    await page.goBack();
    assert.equal(await page.locator('main').innerText(), results);
    await page.reload();
    assert.equal(await page.locator('main').innerText(), results);
    assert.ok(!page.url().includes('debt'), 'nothing of the question stands in the address');
  });

  await story('a worry sent empty, gone back to', scripts, async (visitor, page) => {
    await visitor.signIn('Aisha');
    await visitor.follow([{ go: '/worried' }, { submit: 'Write it down' }]);
    await ours(page, 'There is something to put right');
    const after = page.url();
    await visitor.go('/today');
    await page.goBack();
    assert.equal(page.url(), after);
    await ours(page, 'There is something to put right');
    await page.reload();
    await ours(page, 'There is something to put right');
  });

  await story('two windows with one form', scripts, async (visitor, page) => {
    await visitor.signIn('Aisha');
    await visitor.go('/people/add');
    const second = await visitor.context.newPage();
    await second.goto(new URL('/people/add', base).href);
    const name = `Twice ${run} ${scripts}`;
    for (const tab of [page, second]) {
      await tab.locator('[name="called"]').fill(name);
      await tab.getByRole('button', { name: 'Add them' }).click();
      await tab.waitForLoadState('load');
    }
    await ours(second, 'Is this the same person you added at');
    await second.getByRole('link', { name: /^Yes: / }).click();
    await second.waitForLoadState('load');
    assert.equal(second.url(), page.url());
  });
}

await browser.close();
console.log(`  going back, loading again, two windows: ${passed} stories came true`);
