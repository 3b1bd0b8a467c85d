// What one page must keep to, whoever sees it. Each function gives sentences about what is wrong,
// none when nothing is.

import axe from 'axe-core';

/** The rules of WCAG 2.2 at A and AA, as axe knows them. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Largest page, in bytes of HTML before compression: an old phone on a bad line. */
export const LARGEST_HTML = 60_000;

/** Width of the narrowest screen, in CSS pixels; also 1280 at 400 %. */
export const NARROW = 320;

/** Runs axe in the page as it is. */
export async function accessible(page) {
  // Evaluated by the browser's own protocol, so the page's content policy stays as strict as it is.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: { type: 'tag', values: tags },
      rules: { 'target-size': { enabled: true } },
      resultTypes: ['violations'],
    });
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      places: nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${(node.failureSummary ?? '').split('\n').slice(1, 2).join('').trim()}`),
      more: Math.max(0, nodes.length - 3),
    }));
  }, TAGS);
  return violations.map(
    ({ id, help, places, more }) => `axe ${id}: ${help}\n      ${places.join('\n      ')}${more ? `\n      and ${more} more` : ''}`,
  );
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

/** The first press of Tab reaches a link that skips to the content, and can be seen. */
export async function skipLinkFirst(page) {
  await page.evaluate(() => document.activeElement?.blur?.());
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
  const wide = await sticksOut(page);
  await page.setViewportSize(before);
  return wide.length ? [`wider than ${NARROW} px: ${wide.join(', ')}`] : [];
}

/** With text twice as large (200 %), nothing is wider than the screen. */
export async function fitsLargeText(page) {
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  const wide = await sticksOut(page);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  return wide.length ? [`wider than the screen with text at 200 %: ${wide.join(', ')}`] : [];
}

/** The elements that make the page scroll sideways. */
function sticksOut(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ''}${[...element.classList].map((c) => `.${c}`).join('')}`;
    const out = [...document.body.querySelectorAll('*')].filter(
      (element) => !element.closest('[data-scroll]') && element.getBoundingClientRect().right > width + 1,
    );
    // The innermost are the cause; what holds them is only stretched.
    const inner = out.filter((element) => !out.some((other) => other !== element && element.contains(other)));
    return inner.length ? inner.slice(0, 4).map(name) : ['something'];
  });
}

/** What a person can do on a page: where its links go, what its forms send and whether each can be sent. */
export function doings(page) {
  return page.evaluate(() => {
    const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0;
    return {
      heading: document.querySelector('h1')?.textContent?.trim() ?? '',
      links: [...new Set([...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')))],
      forms: [...document.querySelectorAll('form')].map((form) => ({
        action: form.getAttribute('action') ?? '',
        sends: [...form.elements].some((element) => ['submit', 'image'].includes(element.type) && visible(element)),
      })),
    };
  });
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
