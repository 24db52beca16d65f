/** What `start` prints: where the fake is, who may ask, and a line to paste. */
import type { Mock } from '../mock-server/index.ts';
import { version } from '../mock-server/version.ts';

export function startBlock(mock: Mock, { shortForm }: { shortForm: boolean }): string {
  const { url, sipgate, sipsim, credentials, adminUrl, adminToken } = mock;
  const rows: [string, string, string | undefined][] = [
    ['sipgate', 'base URL', sipgate.baseUrl],
    ['', 'login URL', sipgate.authUrl],
    ['', 'token URL', sipgate.tokenUrl],
    ['', 'token', pair(credentials.sipgate.tokenId, credentials.sipgate.token)],
    ['', 'client', pair(credentials.sipgate.clientId, credentials.sipgate.clientSecret)],
    ['', 'user', pair(credentials.sipgate.username, credentials.sipgate.password)],
    ['SIPSIM', 'base URL', sipsim.baseUrl],
    ['', 'token URL', sipsim.tokenUrl],
    ['', 'client', pair(credentials.sipsim.clientId, credentials.sipsim.clientSecret)],
    ['short', 'base URL', shortForm ? `${url}  (/oauth/token, /account, /authorization/oauth2/clients)` : undefined],
    ['control', 'URL', adminUrl],
    ['', 'token', adminToken],
    ['proxy', 'URL', mock.proxyUrl],
    [mock.proxyUrl === undefined ? 'TLS' : '', 'trust', mock.caFile],
  ];
  const lines = rows.flatMap(([group, name, value]) =>
    value === undefined ? [] : [`  ${group.padEnd(8)} ${name.padEnd(10)} ${value}`],
  );
  const open = adminToken === undefined ? [] : ['', '  Not on loopback: other machines may reach it.'];
  const curls = curlLines(mock);
  return [
    `Sidetone ${version} answers at ${url}`,
    '',
    ...lines,
    ...open,
    ...(curls.length > 0 ? ['', ...curls] : []),
    '',
  ].join('\n');
}

const pair = (id: string | undefined, secret: string | undefined) =>
  id === undefined || secret === undefined ? undefined : `${id}  ${secret}`;

function curlLines({ sipgate, sipsim, credentials, caFile, proxyUrl, url }: Mock): string[] {
  const { tokenId, token } = credentials.sipgate;
  const { clientId, clientSecret } = credentials.sipsim;
  const authority = caFile === undefined ? '' : ` --cacert ${quote(caFile)}`;
  const trust = url.startsWith('https:') ? authority : '';
  const user = `-u ${quote(`${tokenId}:${token}`)}`;
  const account = [`  curl${trust} ${user} ${sipgate.baseUrl}/account`];
  if (proxyUrl !== undefined && trust === '') {
    account.push(`  curl --proxy ${proxyUrl}${authority} ${user} https://api.sipgate.com/v2/account`);
  }
  const form = [
    'grant_type=client_credentials',
    `client_id=${clientId}`,
    `client_secret=${clientSecret}`,
    'scope=account.read',
  ];
  const ask = `  curl${trust} ${form.map((field) => `--data-urlencode ${quote(field)}`).join(' ')} ${sipsim.tokenUrl}`;
  return [...(token === undefined ? [] : account), ...(clientSecret === undefined ? [] : [ask])];
}

/** For a POSIX shell. */
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
