// The page checks must be able to fail: a little site with one planted fault on each page, and a
// sound page on which nothing may be found.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { Report, kindOf, walk } from './lib/walk.mjs';

const SKIP = '<a class="skip" href="#content">Skip to the content</a>';
const STYLE = `<style>
  body { margin: 0; background: #fff; color: #222; font: 19px sans-serif }
  a { display: inline-block; min-height: 24px; color: #0b5563 }
  .skip { position: absolute; left: -999px } .skip:focus { left: 0 }
  .narrow { display: none } @media (max-width: 400px) { .narrow { display: block } .broad { display: none } }
  .dark .fades { color: #eee }
</style>`;

function page(content, { lang = 'en', title = 'A page', skip = SKIP, head = '', classes = '' } = {}) {
  return `<!doctype html><html lang="${lang}" class="${classes}"><head><meta charset="utf-8"><title>${title}</title>${STYLE}${head}</head>
    <body>${skip}<header><a href="/help-now">Help now</a></header><main id="content"><h1>Heading</h1>${content}</main></body></html>`;
}

const LINK = '<p><a href="/second">A second page</a></p>';
const FORM = '<form action="/send"><label>Name <input name="n"></label><button>Send</button></form>';
const SITES = {
  '/sound': page(LINK),
  '/second': page('<p>More</p>'),
  '/help-now': page('<p>Numbers</p>'),
  '/contrast': page('<p style="color:#ddd">Hard to read</p>'),
  '/no-language': page('', { lang: '' }),
  '/no-title': page('', { title: '' }),
  '/two-headings': page('<h1>Another</h1>'),
  '/wide': page('<div style="width:600px">Too wide for a phone</div>'),
  '/wide-but-marked': page('<div data-scroll tabindex="0" style="overflow-x:auto"><div style="width:600px">A table</div></div>'),
  '/small-on-paper': page('<p class="tiny">Too small to read on paper</p>', { head: '<style>@media print { .tiny { font-size: 12pt } }</style>' }),
  '/outside': page('', { head: '<link rel="stylesheet" href="https://assets.example.org/style.css">' }),
  '/heavy': page(`<!--${'x'.repeat(61_000)}-->`),
  '/no-skip': page('', { skip: '<a href="/sound">Home</a>' }),
  '/needs-scripts': page('<div id="late"></div><script>late.innerHTML = "<a href=/second>Only with scripts</a>"</script>'),
  '/form-needs-scripts': page('<form action="/send"><label>Name <input name="n"></label><noscript></noscript></form>'),
  '/broken-link': page('<p><a href="/nowhere">Nothing here</a></p>'),
  '/broken-script': page('<script>throw new Error("planted")</script>'),
  '/missing-picture': page('<img alt="a picture" src="/no.png">'),
  '/no-help': page('').replace(/<header>.*<\/header>/, ''),
  '/folded-form': page('<details><summary>More</summary>' + FORM + '</details>'),
  '/folded-for-ever': page('<details><summary style="display:none">More</summary>' + FORM + '</details>'),
  '/only-broad': page(`<div class="broad">${FORM}</div>`),
  '/menu-or-row': page(`<details class="narrow"><summary>Menu</summary>${FORM}</details><div class="broad">${FORM}</div>
    <details><summary>More</summary><form action="/other"><label>Day <input name="d"></label><button>Send</button></form></details>`),
  '/says-what-it-needs': page('<form action="/send"><div hidden><button>Use it</button></div><p data-without-script>This needs scripts. Without them, use the other way.</p></form>'),
  '/says-nothing': page('<form action="/send"><div hidden><button>Use it</button></div><p data-without-script></p></form>'),
  '/folded-and-wide': page('<details><summary>More</summary><div style="width:600px">Too wide for a phone</div></details>'),
};

let server;
let browser;
let base;

before(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    const dark = /kith_look=dark/.test(request.headers.cookie ?? '');
    let body = SITES[path];
    if (path === '/dark-by-style') body = page('<p class="fades">Unreadable when the classes are dark</p>', { classes: dark ? 'dark' : 'light' });
    if (path === '/dark-only') body = page(dark ? '<p style="color:#eee">Unreadable in the dark theme</p>' : '<p>Fine</p>');
    response.writeHead(body ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(body ?? page('Not here'));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  base = new URL(`http://127.0.0.1:${server.address().port}`);
  browser = await launch(process.env.KITH_CHROMIUM ?? '/usr/bin/chromium');
});

after(async () => {
  await browser?.close();
  server?.close();
});

const PLAN = { themes: ['neutral', 'dark'], everywhere: [{ what: 'crisis help', selector: 'a[href="/help-now"]' }], avoid: [] };

test('nothing is found on sound pages, and links are followed', async () => {
  const report = new Report(() => {});
  await walk({ name: 'visitor', start: ['/sound'], cap: 9 }, PLAN, { browser, base, long: false }, report);
  assert.deepEqual(report.findings, []);
  assert.deepEqual([...report.kinds].sort(), ['visitor /help-now', 'visitor /second', 'visitor /sound']);
});

const PLANTED = {
  '/contrast': /color-contrast/,
  '/no-language': /no language|axe html-has-lang/,
  '/no-title': /no title|axe document-title/,
  '/two-headings': /2 main headings/,
  '/wide': /wider than 320 px/,
  '/small-on-paper': /too small on paper: 12\.0 pt: "Too small/,
  '/outside': /asked another host: https:\/\/assets\.example\.org/,
  '/heavy': /bytes of HTML/,
  '/no-skip': /not a link that skips/,
  '/needs-scripts': /links that need scripts: \/second/,
  '/form-needs-scripts': /has no button/,
  '/broken-script': /a script broke: planted/,
  '/missing-picture': /missing file \(404\): \/no\.png/,
  '/no-help': /crisis help is not on the page/,
  '/dark-only': /\[dark\]: axe color-contrast/,
  '/dark-by-style': /\[dark\]: axe color-contrast/,
  '/folded-for-ever': /has no button/,
  '/says-nothing': /has no button/,
  '/only-broad': /\[narrow\]: without scripts the form to "\/send" has no button/,
  '/folded-and-wide': /wider than 320 px/,
};

test('each planted fault is found, and nothing else', async (t) => {
  const report = new Report(() => {});
  const start = [...Object.keys(PLANTED), '/wide-but-marked', '/folded-form', '/menu-or-row', '/says-what-it-needs', '/broken-link'];
  await walk({ name: 'visitor', start, cap: start.length }, PLAN, { browser, base, long: false }, report);
  const findings = (path) => report.findings.filter(({ where }) => where.split(' ')[1] === path).map(({ where, what }) => `${where}: ${what}`);
  for (const [path, expected] of Object.entries(PLANTED)) {
    await t.test(path, () => {
      assert.ok(findings(path).length > 0, 'nothing was found');
      assert.deepEqual(findings(path).filter((finding) => !expected.test(finding)), []);
    });
  }
  await t.test('a wide table in an element marked for it is fine', () => assert.deepEqual(findings('/wide-but-marked'), []));
  await t.test('a form in a part that unfolds is fine', () => assert.deepEqual(findings('/folded-form'), []));
  await t.test('a form that says what to do without scripts is fine', () => assert.deepEqual(findings('/says-what-it-needs'), []));
  await t.test('a form that is in a menu on a narrow screen and in a row on a wide one is fine', () => assert.deepEqual(findings('/menu-or-row'), []));
});

test('a broken link is found, with the page it stands on', async () => {
  const report = new Report(() => {});
  await walk({ name: 'visitor', start: ['/broken-link'], cap: 9 }, PLAN, { browser, base, long: false }, report);
  assert.deepEqual(report.findings, [{ where: 'visitor /nowhere', what: 'answers 404; the link is on /broken-link' }]);
});

test('ids in a path make one kind of page', () => {
  assert.equal(kindOf('/people/0192f0c4-7b1e-7cc3-8a11-0123456789ab/plan?a=1'), '/people/:id/plan');
  assert.equal(kindOf('/help-now'), '/help-now');
});
