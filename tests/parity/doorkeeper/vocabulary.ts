/** What Doorkeeper makes up by itself: tokens and times. Their form is compared, not their value. */
import type { Vocabulary } from '../../../contracts/difference/normal-form.ts';

export const doorkeeperVocabulary: Vocabulary = {
  read(name, value, body) {
    if (typeof value !== 'number') return value;
    if (name === 'exp') return Number(body.exp) - Number(body.iat);
    if (name === 'iat' || name === 'created_at')
      return Math.abs(Date.now() / 1000 - value) < 10 ? 'now' : 'some other time';
    // Of a token that was issued a moment ago.
    return name === 'expires_in' && value > 60 ? Math.ceil(value / 60) * 60 : value;
  },
  // That it is a JWT is said of SIPSIM's tokens alone: Doorkeeper's own are random texts.
  text: (name, text) => (name === 'access_token' && /^[A-Za-z0-9._~+/-]{20,}=*$/.test(text) ? '<token>' : text),
};
