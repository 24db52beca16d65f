// Which axios: the name of the package comes as an argument.
const { default: axios } = await import(process.argv[2]);
const auth = { username: 'token-FQ1V12', password: 'e68ead46-a7db-46cd-8a1a-44aed1e4e372' };
const account = await axios.get('https://api.sipgate.com/v2/account', { auth });
console.log('sipgate', account.status, account.data.company);
const form = new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: 'sipsim-demo',
  client_secret: '3c9f1e7a5b2d4f6081a3c5e7092b4d6f',
  scope: 'account.read',
});
const tokens = await axios.post('https://app.sipsim.com/oauth/token', form.toString());
const headers = { Authorization: `Bearer ${tokens.data.access_token}` };
const own = await axios.get('https://app.sipsim.com/api/v2/account', { headers });
console.log('sipsim', own.status, own.data.data.id);
