// Ways in, with strangers on the other side: a real place that begins, a passkey made and used in a
// real browser with an authenticator of the browser's own, and a certified OpenID provider
// (https://openid.net/certification) that says who somebody is. Our own tests play both parts;
// here somebody else does.
// Started by `cargo xtask test --only pages`.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './lib/browser.mjs';
import { readArguments } from './lib/arguments.mjs';

const given = readArguments(['kith', 'port', 'chromium']);
const base = `http://localhost:${given.port}`;
const folder = mkdtempSync(join(tmpdir(), 'kith-ways-in-'));
const path = (name) => join(folder, name);
const kith = (...words) => execFileSync(given.kith, words, { encoding: 'utf8' });

/** The six digits of a code app (RFC 6238), `ahead` seconds from now. */
function digits(letters, ahead = 0) {
  const bits = [...letters].map((l) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(l).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + ahead) / 30)));
  const mac = createHmac('sha1', key).update(step).digest();
  const from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A certified provider on this machine, which says of everybody that two things were asked. */
async function provider(ours) {
  const { default: Provider } = await import('oidc-provider');
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const issuer = `http://localhost:${server.address().port}`;
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let subject = 'pat-there';
  let factors = ['mfa'];
  const op = new Provider(issuer, {
    clients: [{
      client_id: 'kith',
      redirect_uris: [`${base}/sign-in/from/certified`],
      post_logout_redirect_uris: [`${base}/`],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'RS512',
      jwks: { keys: [{ ...ours.publicKey.export({ format: 'jwk' }), kid: 'ours', use: 'sig', alg: 'RS512' }] },
    }],
    enabledJWA: { clientAuthSigningAlgValues: ['RS512'] },
    jwks: { keys: [{ ...keys.privateKey.export({ format: 'jwk' }), kid: 'theirs', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['only for this run'] },
    claims: { openid: ['sub', 'amr'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/who/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  const answer = op.callback();
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/who/')) return answer(request, response);
    const { params, session } = await op.interactionDetails(request, response);
    const grant = new op.Grant({ accountId: session?.accountId ?? subject, clientId: params.client_id });
    grant.addOIDCScope('openid');
    const result = { login: { accountId: subject, amr: factors }, consent: { grantId: await grant.save() } };
    return op.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  return { issuer, close: () => server.close(), be: (who, how) => { [subject, factors] = [who, how]; } };
}

const browser = await launch(given.chromium);
const running = [];
let passed = 0;
const step = (what) => { passed += 1; console.log(`  ${what}`); };

try {
  const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let there = null;
  try {
    there = await provider(ours);
  } catch (error) {
    console.log(`  skipped the certified provider: ${error.message}`);
  }
  writeFileSync(path('place.toml'), kith('init', '--example'));
  const begun = JSON.parse(kith('init', '--data', path('data'), '--place', path('place.toml'), '--json'));
  const code = begun.invitations.find((i) => i.login === 'pat').code;
  const words = ['serve', '--data', path('data'), '--listen', `127.0.0.1:${given.port}`, '--public-url', base];
  if (there) {
    writeFileSync(path('ours.pem'), ours.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(path('ways-in.toml'), [
      '[[place]]', 'code = "certified"', 'name = "Certified"', 'shape = "plain"', `issuer = "${there.issuer}"`,
      'client = "kith"', `key_file = "${path('ours.pem')}"`, 'kid = "ours"', '',
    ].join('\n'));
    words.push('--sign-in', path('ways-in.toml'));
  }
  const serving = spawn(given.kith, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  running.push(serving);
  let said = '';
  serving.stderr.on('data', (text) => { said += text; });
  for (let tries = 0; ; tries += 1) {
    if (await fetch(base).then((answer) => answer.ok, () => false)) break;
    assert.ok(tries < 300, `the place does not answer: ${said}`);
    await new Promise((later) => setTimeout(later, 100));
  }

  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (line) => { if (/Content Security|Refused to/.test(line.text())) troubles.push(line.text()); });
  const says = async (text) => {
    const body = await page.locator('body').innerText();
    assert.ok(body.includes(text), `${page.url()} does not say "${text}": ${body.slice(0, 400)}`);
  };
  const press = async (name) => {
    await page.getByRole('button', { name }).first().click();
    await page.waitForLoadState('load');
  };

  await page.goto(`${base}/join`);
  await page.fill('#code', code);
  await press('Go on');
  for (const name of ['password', 'again']) await page.fill(`#${name}`, 'kettle marble osprey');
  await press('Go on');
  const letters = (await page.locator('p:has-text("Letters to type") strong').innerText()).replaceAll(/[^A-Z2-7]/g, '');
  await page.fill('#digits', digits(letters));
  await press('Join');
  await page.goto(`${base}/workers`);
  await says('Workers');
  step('joined with a code, a password and a code app');

  // The browser's own authenticator, which is not ours.
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  await page.goto(`${base}/passkeys/new`);
  await page.fill('#name', 'The browser');
  await Promise.all([page.waitForURL(`${base}/passkeys`), page.getByRole('button', { name: 'Make a passkey' }).click()]);
  await says('The browser');
  step('made a passkey');

  await press('Sign out');
  await page.goto(`${base}/sign-in`);
  await press('Use a passkey');
  const inside = (url) => !url.pathname.startsWith('/sign-in');
  await Promise.all([page.waitForURL(inside), page.getByRole('button', { name: 'Use my passkey' }).click()]);
  await page.goto(`${base}/workers`);
  await says('Workers');
  step('signed in with it');

  await page.goto(`${base}/passkeys`);
  await press('Remove it');
  await says('You have none yet');
  await press('Sign out');
  await page.goto(`${base}/sign-in`);
  await press('Use a passkey');
  await page.getByRole('button', { name: 'Use my passkey' }).click();
  await page.getByText('That did not work').first().waitFor();
  step('removed it, and it opened nothing');

  const plain = await browser.newContext({ javaScriptEnabled: false });
  const quiet = await plain.newPage();
  await quiet.goto(`${base}/sign-in`);
  await quiet.getByRole('button', { name: 'Use a passkey' }).click();
  await quiet.waitForLoadState('load');
  assert.ok((await quiet.locator('body').innerText()).includes('Passkeys work only where scripts are allowed'));
  assert.equal(await quiet.getByRole('button', { name: 'Use my passkey' }).isVisible(), false);
  await plain.close();
  step('without scripts the page says so');

  if (there) {
    await page.goto(`${base}/sign-in`);
    await page.fill('#login', 'pat');
    await page.fill('#password', 'kettle marble osprey');
    await page.fill('#code', digits(letters, 30));
    await press('Sign in');
    await page.goto(`${base}/passkeys`);
    await press('Come in with Certified');
    await Promise.all([
      page.waitForURL(`${base}/passkeys`),
      page.getByRole('link', { name: 'Go on to Certified' }).click(),
    ]);
    await says('You can come in with Certified');
    step('joined who they are at a certified provider');

    await press('Sign out');
    await page.goto(`${base}/sign-in`);
    await press('Sign in with Certified');
    await page.getByRole('link', { name: 'Go on to Certified' }).click();
    await page.waitForURL((url) => url.origin === base && inside(url));
    await page.goto(`${base}/workers`);
    await says('Workers');
    step('signed in there, and was in here');
    await press('Sign out');
    await says('You are signed out here');
    assert.ok(await page.getByRole('link', { name: 'Sign out of Certified' }).isVisible());

    for (const [who, how, why] of [['a stranger', ['mfa'], 'do not know yet'], ['pat-there', ['pwd'], 'not sure enough']]) {
      there.be(who, how);
      await context.clearCookies();
      await page.goto(`${base}/sign-in`);
      await press('Sign in with Certified');
      await page.getByRole('link', { name: 'Go on to Certified' }).click();
      await page.waitForURL((url) => url.origin === base && url.pathname.startsWith('/sign-in/from'));
      await says(why);
    }
    step('a stranger, and one factor, opened nothing');
    there.close();
  }
  assert.deepEqual(troubles, [], 'a page broke');
  console.log(`  ${passed} steps`);
} catch (error) {
  console.error(`  ways in, after ${passed} steps: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  for (const program of running) program.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
