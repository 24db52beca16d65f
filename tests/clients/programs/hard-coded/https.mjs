import { request } from 'node:https';

const ask = (url, options, body) =>
  new Promise((resolve, reject) => {
    const asked = request(url, options, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString();
      resolve({ status: answer.statusCode, json: JSON.parse(text) });
    });
    asked.on('error', reject).end(body);
  });
const auth = 'token-FQ1V12:e68ead46-a7db-46cd-8a1a-44aed1e4e372';
const account = await ask('https://api.sipgate.com/v2/account', { auth });
console.log('sipgate', account.status, account.json.company);
const form =
  'grant_type=client_credentials&client_id=sipsim-demo&client_secret=3c9f1e7a5b2d4f6081a3c5e7092b4d6f&scope=account.read';
const headers = { 'content-type': 'application/x-www-form-urlencoded' };
const tokens = await ask('https://app.sipsim.com/oauth/token', { method: 'POST', headers }, form);
const own = await ask('https://app.sipsim.com/api/v2/account', {
  headers: { authorization: `Bearer ${tokens.json.access_token}` },
});
console.log('sipsim', own.status, own.json.data.id);
