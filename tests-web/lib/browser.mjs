// A browser that visits one Kith and nothing else: it starts Chromium, signs in through the demo's
// chooser as anybody would, follows steps, and remembers every request that tried to leave.

import { chromium } from 'playwright-core';

const LAUNCH = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
];

/** Longest wait for one page, in milliseconds; a busy machine is slow, a broken page is slower. */
const PATIENCE = 30_000;

/** Starts the browser. `executablePath` is the Chromium of the system. */
export function launch(executablePath) {
  return chromium.launch({ executablePath, args: LAUNCH, headless: true });
}

/**
 * One visitor: a context of its own with its cookies, and the troubles seen on the way.
 * `troubles` fills with sentences about requests to other hosts, scripts that broke and files that were missing.
 */
export class Visitor {
  static async arrive(browser, base, { scripts = true, width = 1280, height = 900, theme = null } = {}) {
    const context = await browser.newContext({
      javaScriptEnabled: scripts,
      viewport: { width, height },
      locale: 'en-GB',
      timezoneId: 'Europe/London',
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(PATIENCE);
    const visitor = new Visitor(context, new URL(base));
    await visitor.guard();
    if (theme) await visitor.wear(theme);
    visitor.page = await context.newPage();
    visitor.listen();
    return visitor;
  }

  constructor(context, base) {
    this.context = context;
    this.base = base;
    this.page = null;
    this.troubles = [];
  }

  /** Stops and notes every request to another host. */
  async guard() {
    await this.context.route('**/*', (route) => {
      const url = new URL(route.request().url());
      if (url.origin === this.base.origin || url.protocol === 'data:' || url.protocol === 'blob:') return route.continue();
      this.troubles.push(`asked another host: ${url.origin}${url.pathname}`);
      return route.abort();
    });
  }

  listen() {
    this.page.on('pageerror', (error) => this.troubles.push(`a script broke: ${error.message}`));
    this.page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text())) {
        this.troubles.push(`the page's own policy stopped something: ${message.text().slice(0, 300)}`);
      }
    });
    this.page.on('response', (response) => {
      if (response.status() >= 400 && response.request().resourceType() !== 'document') {
        this.troubles.push(`missing file (${response.status()}): ${new URL(response.url()).pathname}`);
      }
    });
  }

  /** Takes what was noted since the last time. */
  takeTroubles() {
    return this.troubles.splice(0);
  }

  /** Chooses how pages look, as the page "How pages look" does: a theme, and `+large` for larger text. */
  async wear(theme) {
    await this.context.addCookies([{ name: 'kith_look', value: theme, url: this.base.origin }]);
  }

  /** Opens a path of this Kith and gives the answer. */
  async go(path) {
    return this.page.goto(new URL(path, this.base).href, { waitUntil: 'load' });
  }

  /** Signs in through the demo's chooser: the real form, so that the real checks apply. */
  async signIn(user) {
    await this.go('/demo');
    const choice = this.page.locator('button[name="user"]', { hasText: user }).first();
    if ((await choice.count()) === 0) throw new Error(`the demo's chooser offers nobody called "${user}"`);
    // Most of the chooser is folded away.
    await choice.evaluate((element) => {
      for (let fold = element.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
    });
    await Promise.all([this.page.waitForURL((url) => !url.pathname.startsWith('/demo')), choice.click()]);
  }

  /**
   * Does what a person would do, one step after the other:
   * {"go": "/path"}, {"click": "link or button"}, {"fill": {"field name": "text"}}, {"choose": {"field name": "value"}},
   * {"submit": "button"}. Names in /slashes/ are patterns; the first that fits is taken.
   */
  async follow(steps) {
    for (const step of steps) {
      if (step.go !== undefined) await this.go(step.go);
      for (const [name, text] of Object.entries(step.fill ?? {})) await this.page.locator(`[name="${name}"]`).first().fill(text);
      for (const [name, value] of Object.entries(step.choose ?? {})) await this.choose(name, value);
      const press = step.click ?? step.submit;
      if (press !== undefined) await this.press(press);
    }
  }

  async choose(name, value) {
    const select = this.page.locator(`select[name="${name}"]`).first();
    if (await select.count()) await select.selectOption(value);
    else await this.page.locator(`[name="${name}"][value="${value}"]`).first().check({ force: true });
  }

  async press(name) {
    const pattern = /^\/(.*)\/$/.exec(name);
    const wanted = { name: pattern ? new RegExp(pattern[1], 'i') : name };
    const main = this.page.locator('main');
    const scopes = (await main.count()) ? [main, this.page] : [this.page];
    for (const scope of scopes) {
      for (const role of ['button', 'link']) {
        const found = scope.getByRole(role, wanted).first();
        if (await found.count()) {
          await found.click();
          await this.page.waitForLoadState('load');
          return;
        }
      }
    }
    throw new Error(`no button or link "${name}" on ${new URL(this.page.url()).pathname}`);
  }

  async leave() {
    await this.context.close();
  }
}
