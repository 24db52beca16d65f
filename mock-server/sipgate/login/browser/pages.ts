/** The login server's pages: plain HTML without scripts or further files, for keyboard and screen reader. */

export interface LoginPage {
  action: string;
  /** Client that the user is on the way to. */
  clientName: string;
  email: string;
  /** The user is known and only has to prove it once more. */
  known: boolean;
  /** Shown above the form. */
  error?: string;
}

export function loginPage({ action, clientName, email, known, error }: LoginPage): string {
  const address = known
    ? `<p>You are <strong>${escapeHtml(email)}</strong>.</p>${error === undefined ? '\n<p role="status">Please re-authenticate to continue</p>' : ''}`
    : field('username', 'E-mail', { type: 'email', value: email, autocomplete: 'username' }, error, email === '');
  return page({
    title: 'Sign in to your account',
    body: `<p>to continue to <strong>${escapeHtml(clientName)}</strong></p>
${error === undefined ? '' : `<p id="error" role="alert">${escapeHtml(error)}</p>`}
<form method="post" action="${escapeHtml(action)}">
${address}
${field('password', 'Password', { type: 'password', value: '', autocomplete: 'current-password' }, error, known || email !== '')}
<input type="hidden" name="credentialId" value="">
<p><button type="submit" name="login" value="Sign In">Sign In</button></p>
</form>`,
  });
}

function field(
  name: string,
  label: string,
  input: { type: string; value: string; autocomplete: string },
  error: string | undefined,
  first: boolean,
): string {
  // `email` would refuse an address that the server has to judge, and its check cannot be read out by every reader.
  const type = input.type === 'email' ? 'text" inputmode="email' : input.type;
  const state = error === undefined ? '' : ' aria-invalid="true" aria-describedby="error"';
  return `<p><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${escapeHtml(input.value)}" autocomplete="${input.autocomplete}"${state}${first ? ' autofocus' : ''}></p>`;
}

export interface ConsentPage {
  action: string;
  code: string;
  clientName: string;
  /** Descriptions. */
  scopes: string[];
  privacyUrl: string;
  termsUrl: string;
}

export function consentPage({ action, code, clientName, scopes, privacyUrl, termsUrl }: ConsentPage): string {
  const links = [
    ['Privacy policy', privacyUrl],
    ['Terms of use', termsUrl],
  ].filter(([, url = '']) => /^https?:\/\//i.test(url));
  return page({
    title: `Grant Access to ${clientName}`,
    body: `<p id="question">Do you grant these access privileges?</p>
<ul aria-labelledby="question">
${scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('\n')}
</ul>
${links.length === 0 ? '' : `<p>${links.map(([text = '', url = '']) => `<a href="${escapeHtml(url)}" rel="noreferrer">${text}</a>`).join(' · ')}</p>`}
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="code" value="${escapeHtml(code)}">
<p><button type="submit" name="accept" value="Yes">Yes</button> <button type="submit" name="cancel" value="No">No</button></p>
</form>`,
  });
}

export const logoutPage = ({ action, code }: { action: string; code: string }) =>
  page({
    title: 'Logging out',
    body: `<p role="status">Do you want to log out?</p>
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="session_code" value="${escapeHtml(code)}">
<p><button type="submit" name="confirmLogout" value="Logout">Logout</button></p>
</form>`,
  });

export const loggedOutPage = () =>
  page({ title: 'You are logged out', body: '<p role="status">You are logged out</p>' });

export const messagePage = (title: string, message: string) =>
  page({ title, body: `<p role="alert">${escapeHtml(message)}</p>` });

export const expiredPage = (resume: string) =>
  page({
    title: 'Page has expired',
    body: `<p><a href="${escapeHtml(resume)}">Continue the login process</a></p>`,
  });

/** OAuth 2.0 Form Post Response Mode §2. Without scripts there is the button. */
export const formPostPage = (action: string, parameters: [name: string, value: string][]) => `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>OIDC Form_Post Response</title></head>
<body onload="document.forms[0].submit()">
<form method="post" action="${escapeHtml(action)}">
${parameters.map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`).join('\n')}
<noscript><p>JavaScript is disabled. Click the button to continue.</p><p><button type="submit">Continue</button></p></noscript>
</form>
</body>
</html>
`;

const page = ({ title, body }: { title: string; body: string }) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 3rem auto; padding: 0 1rem; }
a { color: inherit; }
label, input:not([type=hidden]) { display: block; width: 100%; box-sizing: border-box; }
input, button { font: inherit; padding: .4rem .8rem; }
[role=alert] { border-left: .25rem solid; padding-left: .75rem; }
footer { margin-top: 3rem; font-size: .8rem; }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
<footer>Sidetone, a fake of sipgate's login server. Real passwords have no place here.</footer>
</body>
</html>
`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
