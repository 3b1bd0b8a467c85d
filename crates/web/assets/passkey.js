// Passkeys: the one thing here that needs a script, because browsers give passkeys to
// nothing else. What is asked stands in the form; what comes back is posted with it like
// anything typed. Every page that does this offers another way beside it.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: keys(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    id: text(made.rawId),
    client: text(made.response.clientDataJSON),
    made: text(made.response.attestationObject),
  };
}

async function use(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: keys(options.allowCredentials),
  };
  const used = await navigator.credentials.get({ publicKey });
  const user = used.response.userHandle;
  return {
    id: text(used.rawId),
    client: text(used.response.clientDataJSON),
    data: text(used.response.authenticatorData),
    signature: text(used.response.signature),
    user: user ? text(user) : '',
  };
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const options = JSON.parse(form.dataset.options);
  const answer = form.querySelector('[data-answer]');
  const said = form.querySelector('[data-said]');
  const able = Boolean(window.PublicKeyCredential);
  form.querySelector('[data-with-script]').hidden = !able;
  form.querySelector('[data-without-script]').hidden = able;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    said.textContent = 'Follow what your phone or computer says.';
    try {
      answer.value = JSON.stringify(await (form.dataset.passkey === 'make' ? make(options) : use(options)));
      form.submit();
    } catch (error) {
      said.textContent = error.name === 'InvalidStateError'
        ? 'This phone or computer has a passkey for you already.'
        : 'Nothing came of it. Press the button to try again, or sign in another way.';
    }
  });
}
