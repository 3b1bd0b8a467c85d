// Nothing here is needed: every page works without it. It switches on what the page
// components do when scripts are allowed (focus on the error summary, no second
// click on a button, conditional questions), keeps what is being written, and lets
// the Escape key leave a page.
import { initAll } from './nhsuk/nhsuk-frontend.min.js';

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported');
initAll();

// Only where a page asks for a passkey: browsers give passkeys to scripts alone.
if (document.querySelector('form[data-passkey]')) import('./passkey.js');

// A form that may be left half done keeps itself: after ten quiet seconds, and when the
// page is put away. It does what its button "Save and come back later" does, and stays.
const QUIET_MS = 10_000;
for (const form of document.querySelectorAll('form.kith-keeps')) {
  let changed = false;
  let sending = false;
  let timer;
  const keep = async () => {
    if (!changed || sending) return;
    changed = false;
    const body = new URLSearchParams(new FormData(form));
    body.set('do', 'later');
    body.delete('_submission');
    const kept = form.querySelector('[data-kept]');
    try {
      const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual', keepalive: true });
      const fine = answer.type === 'opaqueredirect';
      if (kept) kept.textContent = fine ? 'What you have written so far is kept. Nobody else sees it until you save.' : '';
      changed ||= !fine;
    } catch {
      changed = true;
    }
  };
  form.addEventListener('input', () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, QUIET_MS);
  });
  form.addEventListener('submit', () => {
    sending = true;
    clearTimeout(timer);
  });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && keep());
}

// Escape three times, quickly, leaves the page as the button does.
let presses = [];
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  presses = [...presses, event.timeStamp].slice(-3);
  if (presses.length === 3 && presses[2] - presses[0] < 1500) document.getElementById('leave-this-page')?.click();
});

// One tap copies the words of a box. Without scripts the button stays hidden, and the
// words can be marked and copied as ever.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const box = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(box.value);
        button.textContent = 'Copied';
      } catch {
        box.focus();
        box.select();
      }
    });
  }
}
