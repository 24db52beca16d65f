const pair = btoa('token-FQ1V12:e68ead46-a7db-46cd-8a1a-44aed1e4e372');
const account = await fetch('https://api.sipgate.com/v2/account', { headers: { Authorization: `Basic ${pair}` } });
console.log('sipgate', account.status, (await account.json()).company);
const body = new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: 'sipsim-demo',
  client_secret: '3c9f1e7a5b2d4f6081a3c5e7092b4d6f',
  scope: 'account.read',
});
const tokens = await (await fetch('https://app.sipsim.com/oauth/token', { method: 'POST', body })).json();
const headers = { Authorization: `Bearer ${tokens.access_token}` };
const own = await fetch('https://app.sipsim.com/api/v2/account', { headers });
console.log('sipsim', own.status, (await own.json()).data.id);
