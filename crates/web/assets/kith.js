// Nothing here is needed: every page works without it. It switches on what the page
// components do when scripts are allowed (focus on the error summary, no second
// click on a button, conditional questions).
import { initAll } from './nhsuk/nhsuk-frontend.min.js';

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported');
initAll();
