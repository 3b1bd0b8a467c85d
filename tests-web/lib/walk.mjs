// A walk through a Kith as different people: from the pages each starts on, along the links they
// find, up to a number of pages; every page is inspected, and the first of its kind in every theme.

import { Visitor } from './browser.mjs';
import * as inspect from './inspect.mjs';

/**
 * What a path is an example of: ids become one word, so that two people's pages are one kind, and all
 * samples of a view are one kind.
 */
export function kindOf(path) {
  const sample = /^\/samples\/[^/]+/.exec(path);
  if (sample) return sample[0];
  return path
    .replace(/[?#].*$/, '')
    .split('/')
    .map((part) => (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(part) || /^\d+$/.test(part) || /^[A-Za-z0-9_-]{20,}$/.test(part) ? ':id' : part))
    .join('/');
}

/** Counts checks and keeps the sentences about those that failed. */
export class Report {
  constructor(print = console.log) {
    this.passed = 0;
    this.failed = 0;
    this.pages = 0;
    this.kinds = new Set();
    this.findings = [];
    this.told = new Map();
    this.print = print;
  }

  /** One check of one page, with what is wrong. */
  add(where, wrong) {
    if (wrong.length === 0) {
      this.passed += 1;
      return;
    }
    this.failed += 1;
    for (const what of wrong) {
      this.findings.push({ where, what });
      const others = this.told.get(what) ?? 0;
      this.told.set(what, others + 1);
      // What is wrong with the frame of all pages is told once, with the number of pages at the end.
      if (others === 0) this.print(`  ${where}\n    ${what}`);
    }
  }

  /** What was found on more than one page, and on how many. */
  repeated() {
    return [...this.told].filter(([, times]) => times > 1).map(([what, times]) => `on ${times} pages: ${what.split('\n')[0]}`);
  }
}

/**
 * Walks as one role and says how many pages it saw. `plan` is the whole of `pages.json`; `settings` has
 * base, browser and depth.
 */
export async function walk(role, plan, settings, report) {
  const visitor = await Visitor.arrive(settings.browser, settings.base);
  const plain = await Visitor.arrive(settings.browser, settings.base, { scripts: false });
  const walker = new Walker(role, plan, settings, report, visitor, plain);
  try {
    if (role.user) {
      await visitor.signIn(role.user);
      // The session is a cookie; the visitor without scripts is the same person.
      await plain.context.addCookies(await visitor.context.cookies());
    }
    await walker.links(role.index ? await walker.indexed(role.index) : (role.start ?? [new URL(visitor.page.url()).pathname]));
    for (const state of role.states ?? []) await walker.state(state);
  } catch (error) {
    report.add(`${role.name}`, [`the walk stopped: ${error.message.split('\n')[0]}`]);
  } finally {
    await visitor.leave();
    await plain.leave();
  }
  return walker.pages;
}

class Walker {
  constructor(role, plan, settings, report, visitor, plain) {
    Object.assign(this, { role, plan, settings, report, visitor, plain });
    this.avoid = (plan.avoid ?? []).map((pattern) => new RegExp(pattern));
    this.follow = role.follow === undefined || role.follow;
    this.pages = 0;
    this.perKind = new Map();
    this.seen = new Set();
  }

  /** The pages that a list links to; the list itself is not a page for people. */
  async indexed({ path, part, parts }) {
    await this.visitor.go(path);
    const kinds = [...new Set((await this.pathsOnPage()).map(kindOf))];
    const mine = new Set(kinds.filter((_, at) => at % parts === part));
    return (await this.pathsOnPage()).filter((link) => mine.has(kindOf(link)));
  }

  /** Follows links breadth first, a few of each kind. */
  async links(start) {
    const queue = start.map((path) => ({ path, from: 'the start' }));
    const cap = this.settings.long ? Infinity : (this.role.cap ?? 40);
    const each = this.role.each ?? (this.settings.long ? 12 : 2);
    let visited = 0;
    while (queue.length > 0 && visited < cap) {
      const { path, from } = queue.shift();
      const kind = kindOf(path);
      if (this.seen.has(path) || (this.perKind.get(kind) ?? 0) >= each) continue;
      this.seen.add(path);
      this.perKind.set(kind, (this.perKind.get(kind) ?? 0) + 1);
      visited += 1;
      const response = await this.visitor.go(path).catch((error) => error);
      if (response instanceof Error) {
        // A file to keep, such as a calendar entry, is not a page.
        if (!/Download is starting/.test(response.message)) this.report.add(this.name(kind), [`${path}: ${response.message.split('\n')[0]}`]);
        continue;
      }
      if (!(await this.look(response, kind, path, from))) continue;
      if (this.follow) for (const link of await this.pathsOnPage()) queue.push({ path: link, from: path });
    }
    if (queue.length > 0 && visited >= cap) this.report.print(`  ${this.role.name}: stopped after ${visited} pages; links left: ${queue.length}`);
  }

  /**
   * A page that no link reaches: an error after a form, the results of a search. A state that may be
   * made again and again without changing anything says `"repeat": true` and is seen in every theme.
   */
  async state({ name, steps, repeat }) {
    try {
      await this.visitor.follow(steps);
      await this.inspect(name, Buffer.byteLength(await this.visitor.page.content()), { path: null });
      for (const theme of repeat ? this.otherThemes() : []) {
        await this.visitor.wear(theme);
        await this.visitor.follow(steps);
        this.report.add(this.name(name, theme), await inspect.accessible(this.visitor.page));
      }
    } catch (error) {
      this.report.add(this.name(name), [`could not be reached: ${error.message.split('\n')[0]}`]);
    }
    await this.visitor.wear('neutral');
  }

  otherThemes() {
    return (this.plan.themes ?? []).filter((theme) => theme !== 'neutral');
  }

  name(kind, theme) {
    return `${this.role.name} ${kind}${theme ? ` [${theme}]` : ''}`;
  }

  /** Inspects the page that was just opened; false when it is not a page to follow. */
  async look(response, kind, path, from) {
    if (!response) return false;
    if (response.status() >= 400) {
      this.report.add(this.name(kind), [`answers ${response.status()}; the link is on ${from}`]);
      return false;
    }
    if (!(response.headers()['content-type'] ?? '').startsWith('text/html')) return false;
    const html = await response.body();
    await this.inspect(kind, html.length, { path, html: html.toString('utf8') });
    return true;
  }

  async inspect(kind, bytes, { path, html }) {
    const { page } = this.visitor;
    const { report } = this;
    report.pages += 1;
    this.pages += 1;
    // A kind of page is looked at in every theme once for each role; a role that stands beside the others
    // adds only the kinds that none of them has shown.
    const key = `${this.role.name} ${kind}`;
    const first = this.role.beside ? ![...report.kinds].some((known) => known.endsWith(` ${kind}`)) : !report.kinds.has(key);
    report.kinds.add(key);
    const here = this.name(kind, 'neutral');
    report.add(here, await inspect.wellMade(page, bytes));
    report.add(here, await this.everywhere());
    report.add(here, await inspect.accessible(page));
    if (first || this.settings.long) {
      report.add(here, await inspect.fitsNarrow(page));
      report.add(here, await inspect.fitsLargeText(page));
      report.add(here, await inspect.onPaper(page));
      report.add(here, await inspect.skipLinkFirst(page));
      if (path) {
        await this.themes(path, kind, html);
        await this.withoutScripts(path, kind);
      }
    }
    report.add(here, this.visitor.takeTroubles());
  }

  /** What must be on every page that this role can see, such as crisis help. */
  async everywhere() {
    const wrong = [];
    for (const { what, selector, roles } of this.plan.everywhere ?? []) {
      if (roles && !roles.includes(this.role.name)) continue;
      if ((await this.visitor.page.locator(selector).count()) === 0) wrong.push(`${what} is not on the page (${selector})`);
    }
    return wrong;
  }

  async withoutScripts(path, kind) {
    const withScripts = await inspect.doings(this.visitor.page);
    const response = await this.plain.go(path);
    const here = this.name(kind, 'no scripts');
    if (!response || response.status() >= 400) {
      this.report.add(here, [`answers ${response?.status()} without scripts`]);
      return;
    }
    this.report.add(here, inspect.sameWithoutScripts(withScripts, await inspect.doings(this.plain.page)));
    this.report.add(`${here} [narrow]`, inspect.sameWithoutScripts(withScripts, await inspect.doingsNarrow(this.plain.page)));
    this.plain.takeTroubles();
  }

  /**
   * The page in every other theme. Where the server sends the same page and only other classes, the
   * classes are put on the page that is open and the rules that look at style run again; where it sends
   * another page, that page is opened and every rule runs.
   */
  async themes(path, kind, html) {
    const { page } = this.visitor;
    const plain = inspect.withoutStyle(html);
    let another = false;
    for (const theme of this.otherThemes()) {
      await this.visitor.wear(theme);
      const other = await (await this.visitor.context.request.get(new URL(path, this.settings.base).href)).text();
      const same = inspect.withoutStyle(other) === plain;
      if (same) await page.evaluate((classes) => document.documentElement.setAttribute('class', classes), inspect.classesOf(other));
      else await this.visitor.go(path);
      another ||= !same;
      this.report.add(this.name(kind, theme), await inspect.accessible(page, { only: same ? 'style' : null }));
      if (theme.endsWith('+large')) {
        this.report.add(this.name(kind, theme), await inspect.fitsNarrow(page));
        this.report.add(this.name(kind, theme), await inspect.onPaper(page));
      }
    }
    await this.visitor.wear('neutral');
    // What is looked at next is the page as it was.
    if (another) await this.visitor.go(path);
    else await page.evaluate((classes) => document.documentElement.setAttribute('class', classes), inspect.classesOf(html));
  }

  /** The paths of this Kith that the page links to, in order, without those to leave alone. */
  async pathsOnPage() {
    const { origin } = this.settings.base;
    const hrefs = await this.visitor.page.evaluate(() => [...document.querySelectorAll('a[href]')].filter((a) => !a.hasAttribute('download')).map((a) => a.href));
    const paths = hrefs.filter((href) => href.startsWith(`${origin}/`)).map((href) => href.slice(origin.length).replace(/#.*$/, ''));
    return [...new Set(paths)].filter((path) => !this.avoid.some((pattern) => pattern.test(path)));
  }
}
