// What one page must keep to, whoever sees it. Each function gives sentences about what is wrong,
// none when nothing is.

import axe from 'axe-core';

/** The rules of WCAG 2.2 at A and AA, as axe knows them. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Largest page, in bytes of HTML before compression: an old phone on a bad line. */
export const LARGEST_HTML = 60_000;

/** Width of the narrowest screen, in CSS pixels; also 1280 at 400 %. */
export const NARROW = 320;

/** The rules of axe whose answer another style sheet can change while the page stays the same. */
const BY_STYLE = ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable'];

/** Runs axe in the page as it is: every rule, or with `only: 'style'` those that a theme can change. */
export async function accessible(page, { only = null } = {}) {
  // Evaluated by the browser's own protocol, so the page's content policy stays as strict as it is.
  if (!(await page.evaluate(() => Boolean(globalThis.axe)))) await page.evaluate(axe.source);
  const runOnly = only === 'style' ? { type: 'rule', values: BY_STYLE } : { type: 'tag', values: TAGS };
  const violations = await page.evaluate(async (runOnly) => {
    // What is folded away is part of the page too.
    const folded = [...document.querySelectorAll('details:not([open])')];
    for (const fold of folded) fold.open = true;
    const { violations } = await globalThis.axe.run(document, {
      runOnly,
      rules: runOnly.type === 'tag' ? { 'target-size': { enabled: true } } : {},
      resultTypes: ['violations'],
    });
    for (const fold of folded) fold.open = false;
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      places: nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${(node.failureSummary ?? '').split('\n').slice(1, 2).join('').trim()}`),
      more: Math.max(0, nodes.length - 3),
    }));
  }, runOnly);
  return violations.map(
    ({ id, help, places, more }) => `axe ${id}: ${help}\n      ${places.join('\n      ')}${more ? `\n      and ${more} more` : ''}`,
  );
}

/**
 * What is left of a page when what differs each time it is drawn is taken away: the classes that choose
 * colours and size, the tokens of forms. Two pages that leave the same differ by style alone.
 */
export function withoutStyle(html) {
  return html
    .replace(/<html\b[^>]*>/i, '<html>')
    .replace(/name="(_csrf|_submission)" value="[^"]*"/g, 'name="$1"');
}

/** The opening tag of a page's classes: how a theme is put on. */
export function classesOf(html) {
  return /<html\b[^>]*\bclass="([^"]*)"/i.exec(html)?.[1] ?? '';
}

/** Language, title, one main heading, landmarks, size, and links that go nowhere. */
export async function wellMade(page, html) {
  const found = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    title: document.title.trim(),
    headings: document.querySelectorAll('h1').length,
    mains: document.querySelectorAll('main').length,
    order: [...document.querySelectorAll('[tabindex]')].filter((element) => element.tabIndex > 0).length,
    nowhere: [...document.querySelectorAll('a')].filter((a) => ['', '#'].includes(a.getAttribute('href') ?? '')).length,
    inline: document.querySelectorAll('script:not([src]):not([type="application/json"]):not([type="application/ld+json"])').length,
  }));
  const wrong = [];
  if (!found.lang) wrong.push('the page has no language');
  if (!found.title) wrong.push('the page has no title');
  if (found.headings !== 1) wrong.push(`the page has ${found.headings} main headings (h1), not one`);
  if (found.mains !== 1) wrong.push(`the page has ${found.mains} main parts (main), not one`);
  if (found.order) wrong.push(`${found.order} elements jump the order of the Tab key`);
  if (found.nowhere) wrong.push(`${found.nowhere} links go nowhere`);
  if (html > LARGEST_HTML) wrong.push(`the page is ${html} bytes of HTML, more than ${LARGEST_HTML}`);
  return wrong;
}

/** From the top of the page, the first press of Tab reaches a link that skips to the content, and can be seen. */
export async function skipLinkFirst(page) {
  // A banner or a summary of errors may have taken the focus: the press begins at the top all the same.
  await page.evaluate(() => {
    const top = document.createElement('span');
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus({ preventScroll: true });
    top.remove();
  });
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => {
    const element = document.activeElement;
    const href = element?.getAttribute('href') ?? '';
    const box = element?.getBoundingClientRect();
    return {
      text: element?.textContent?.trim().slice(0, 60) ?? '',
      skips: element?.tagName === 'A' && /^#./.test(href) && document.getElementById(href.slice(1)) !== null,
      seen: box ? box.width > 1 && box.height > 1 && box.top >= 0 && box.left >= 0 : false,
    };
  });
  if (!first.skips) return [`the first press of Tab reaches "${first.text}", not a link that skips to the content`];
  return first.seen ? [] : ['the skip link cannot be seen when it has the focus'];
}

/** On a narrow screen nothing is wider than the screen, except inside an element marked `data-scroll`. */
export async function fitsNarrow(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: NARROW, height: 640 });
  const wide = await unfolded(page, sticksOut);
  await page.setViewportSize(before);
  return wide.length ? [`wider than ${NARROW} px: ${wide.join(', ')}`] : [];
}

/** On paper no words are smaller than 14 point, and on a page in large letters none smaller than 18. */
export async function onPaper(page) {
  await page.emulateMedia({ media: 'print' });
  const small = await unfolded(page, smallerThanPaper);
  await page.emulateMedia({ media: null });
  return small.length ? [`too small on paper: ${small.join(', ')}`] : [];
}

/** The words that are smaller than the page's own size on paper. */
function smallerThanPaper(page) {
  return page.evaluate(() => {
    const least = document.documentElement.classList.contains('kith-large') ? 18 : 14;
    const found = [];
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const element = words.currentNode.parentElement;
      // What is typed in is not printed, and a picture has its own letters.
      const apart = element.closest('form, svg, script, style, noscript, .nhsuk-u-visually-hidden');
      if (apart || !words.currentNode.textContent.trim() || !element.checkVisibility()) continue;
      const points = (parseFloat(getComputedStyle(element).fontSize) * 72) / 96;
      if (points < least - 0.05) found.push(`${points.toFixed(1)} pt: "${words.currentNode.textContent.trim().slice(0, 30)}"`);
    }
    return found.slice(0, 4);
  });
}

/** With text twice as large (200 %), nothing is wider than the screen. */
export async function fitsLargeText(page) {
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  const wide = await unfolded(page, sticksOut);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  return wide.length ? [`wider than the screen with text at 200 %: ${wide.join(', ')}`] : [];
}

/** Looks at the page with every folded part open, and folds them again. */
async function unfolded(page, look) {
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details:not([open])')) {
      fold.open = true;
      fold.dataset.folded = '';
    }
  });
  const seen = await look(page);
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details[data-folded]')) {
      fold.open = false;
      delete fold.dataset.folded;
    }
  });
  return seen;
}

/** The elements that make the page scroll sideways. */
function sticksOut(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    // A part of a pixel is rounded up by the browser and scrolls nothing.
    if (document.documentElement.scrollWidth <= width + 1) return [];
    const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ''}${[...element.classList].map((c) => `.${c}`).join('')}`;
    const out = [...document.body.querySelectorAll('*')].filter(
      (element) => !element.closest('[data-scroll]') && element.getBoundingClientRect().right > width + 1,
    );
    // The innermost are the cause; what holds them is only stretched.
    const inner = out.filter((element) => !out.some((other) => other !== element && element.contains(other)));
    return inner.length ? inner.slice(0, 4).map(name) : ['something'];
  });
}

/**
 * What a person can do on a page as wide as the window: where its links go, what its forms send and whether
 * each can be sent. A form in a folded part counts when a press on the part's own line unfolds it and shows
 * a button. A form that is there twice, for a wide and for a narrow screen, counts once. What browsers give
 * to scripts alone (passkeys) may stand in a form that says so in words, marked `data-without-script`.
 */
export async function doings(page) {
  // The outermost first: one inside another can only be pressed when the outer is open. What this width
  // does not show is passed over, and nothing is pressed twice.
  const folded = page.locator('details:not([open]):not([data-pressed]):is(:has(form), :has(button)) > summary:visible');
  while ((await folded.count()) > 0) {
    const line = await folded.first().elementHandle();
    await line.click({ timeout: 2_000 }).catch(() => {});
    await line.evaluate((summary) => (summary.parentElement.dataset.pressed = ''));
  }
  return page.evaluate(() => {
    const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0;
    const forms = new Map();
    for (const form of document.querySelectorAll('form')) {
      const action = form.getAttribute('action') ?? '';
      const button = [...form.elements].some((element) => ['submit', 'image'].includes(element.type) && visible(element));
      const words = [...form.querySelectorAll('[data-without-script]')].some((element) => element.textContent.trim() && visible(element));
      const sends = button || words;
      forms.set(action, sends || (forms.get(action) ?? false));
    }
    return {
      heading: document.querySelector('h1')?.textContent?.trim() ?? '',
      links: [...new Set([...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')))],
      forms: [...forms].map(([action, sends]) => ({ action, sends })),
    };
  });
}

/** What can be done on a narrow screen; the page is left as wide as it was. */
export async function doingsNarrow(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: NARROW, height: 640 });
  const found = await doings(page);
  await page.setViewportSize(before);
  return found;
}

/** Whatever can be done with scripts can be done without them. */
export function sameWithoutScripts(withScripts, without) {
  const wrong = [];
  if (without.heading !== withScripts.heading) wrong.push(`without scripts the heading is "${without.heading}"`);
  const missing = withScripts.links.filter((link) => !without.links.includes(link));
  if (missing.length) wrong.push(`links that need scripts: ${missing.slice(0, 4).join(', ')}`);
  if (without.forms.length < withScripts.forms.length) wrong.push(`${withScripts.forms.length - without.forms.length} forms need scripts`);
  for (const form of without.forms.filter((form) => !form.sends)) wrong.push(`without scripts the form to "${form.action}" has no button`);
  return wrong;
}
