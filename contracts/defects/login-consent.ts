/** What a server can get wrong about asking users for consent, and about remembering it. */
import type { Defect, WireRequest } from '../broken-server.ts';
import {
  changePage,
  changeRedirect,
  isAuth,
  isAuthenticate,
  isConsent,
  isRequiredAction,
  leadsToClient,
  misread,
  misreadQuery,
  page,
  queryOf,
  redirectTo,
  redirectUriIn,
} from './login-authorization-wire.ts';
import { changeStatus, changeSuccess, formOf, isLoginToken, misreadForm } from './token-wire.ts';

const isDenied = (request: WireRequest) => isConsent(request) && formOf(request).has('cancel');

export const loginConsentDefects: Defect[] = [
  {
    title: 'who consents is redirected, whatever the response mode',
    catches: ['sipgate.AUT-71b'],
    answer: (answer, request) => {
      if (isConsent(request) && answer.status === 200) answer.status = 302;
    },
  },
  {
    title: 'scopes are asked for by their names',
    catches: ['sipgate.AUT-70a', 'sipgate.AUT-74', 'sipgate.AUT-75a'],
    answer: changePage(isRequiredAction, (html) =>
      html.replace('Access account details', 'account:read').replace('Access account balance', 'balance:read'),
    ),
  },
  {
    title: 'openid is asked for as if it were a scope of the API',
    catches: ['sipgate.AUT-70a'],
    answer: changePage(isRequiredAction, (html) => html.replace('<li>', '<li>openid</li><li>')),
  },
  {
    title: 'one scope is kept quiet',
    catches: ['sipgate.AUT-70a', 'sipgate.AUT-74'],
    answer: changePage(isRequiredAction, (html) => html.replace(/<li>Access account balance<\/li>/, '')),
  },
  {
    title: 'the consent page does not say for whom it asks',
    catches: ['sipgate.AUT-70b'],
    answer: changePage(isRequiredAction, (html) => html.replaceAll('sidetone', 'someone')),
  },
  {
    title: "a client's name is taken for HTML",
    catches: ['sipgate.AUT-70b'],
    answer: changePage(isRequiredAction, (html) => html.replaceAll('&lt;', '<').replaceAll('&gt;', '>')),
  },
  {
    title: 'a token has fewer scopes than were consented to',
    catches: ['sipgate.AUT-71'],
    answer: changeSuccess(isLoginToken, (body) => ({ ...body, scope: 'account:read' })),
  },
  {
    title: 'whoever denies has consented',
    catches: ['sipgate.AUT-72', 'sipgate.AUT-75b'],
    request: misreadForm(isConsent, (form) => form.delete('cancel')),
  },
  {
    title: 'a denial is another error',
    catches: ['sipgate.AUT-72', 'sipgate.AUT-59'],
    answer: changeRedirect((parameters) => {
      if (parameters.get('error') === 'access_denied') parameters.set('error', 'consent_required');
      return parameters;
    }),
  },
  {
    title: 'a denial is final',
    catches: ['sipgate.AUT-72'],
    ...remember(isDenied, (request) => isRequiredAction(request) && page(400, 'Denied before')),
  },
  {
    title: 'consent is never remembered',
    catches: ['sipgate.AUT-73a', 'sipgate.AUT-73b', 'sipgate.AUT-74'],
    request: misreadQuery(isAuth, (query) => {
      if (!query.has('prompt')) query.set('prompt', 'consent');
    }),
  },
  {
    title: 'consent to one client is consent to all',
    catches: ['sipgate.AUT-73c'],
    ...consentOnce(),
  },
  {
    title: 'prompt=consent is ignored',
    catches: ['sipgate.AUT-75a'],
    answer: (answer, request) => {
      if (queryOf(request).get('prompt') !== 'consent' || !answer.headers.location) return;
      Object.assign(answer, redirectTo('https://sidetone.example/callback?code=x'));
    },
  },
  {
    title: 'a denial takes earlier consent back',
    catches: ['sipgate.AUT-75b'],
    ...remember(isDenied, (request) => {
      const silent = isAuth(request) && queryOf(request).get('prompt') === 'none';
      return silent && redirectTo('https://sidetone.example/callback?error=interaction_required');
    }),
  },
  {
    title: 'a consent without cookies is a page with status 200',
    catches: ['sipgate.AUT-77'],
    answer: changeStatus(isConsent, 400, (answer) => {
      answer.status = 200;
    }),
  },
  {
    title: "the vendor's own client asks for consent where it wants to",
    catches: ['sipgate.AUT-79'],
    instead: (request) =>
      isAuth(request) && queryOf(request).get('prompt') === 'consent' ? page(200, 'Grant access?') : undefined,
  },
  {
    title: 'with each consent a session begins',
    catches: ['sipgate.AUT-74'],
    answer: changeRedirect((parameters, request) => {
      if (isConsent(request)) parameters.set('session_state', 'broken');
      return parameters;
    }),
  },
  {
    title: "the vendor's own client asks for consent",
    catches: ['sipgate.AUT-79'],
    answer: (answer, request) => {
      if (isAuthenticate(request) && leadsToClient(answer)) {
        Object.assign(answer, page(200, 'Grant access?'));
      }
    },
  },
  {
    title: 'a browser that left the consent page is logged in',
    catches: ['sipgate.AUT-80'],
    ...resumeConsent(),
  },
  {
    title: 'no consent is asked for',
    catches: ['sipgate.AUT-70a', 'sipgate.AUT-70b', 'sipgate.AUT-73c'],
    answer: ({ headers }) => {
      const { location = '' } = headers;
      if (location.includes('/required-action?')) headers.location = `${redirectUriIn(location)}?code=x`;
    },
  },
  {
    title: 'a request for more scopes is answered with what was consented to',
    catches: ['sipgate.AUT-74'],
    request: misread('scope', () => 'account:read'),
  },
];

/** From one kind of request on, others are answered otherwise. */
function remember(
  cause: (request: WireRequest) => boolean,
  effect: (request: WireRequest) => ReturnType<typeof page> | false,
): Pick<Defect, 'instead'> {
  let happened = false;
  return {
    instead: (request) => {
      const answer = happened ? effect(request) : false;
      happened ||= cause(request);
      return answer || undefined;
    },
  };
}

/** Asks the first time alone, whoever the client is. */
function consentOnce(): Pick<Defect, 'answer'> {
  let consented = false;
  return {
    answer: ({ headers }, request) => {
      const { location = '' } = headers;
      if (consented && location.includes('/required-action?')) headers.location = `${redirectUriIn(location)}?code=x`;
      consented ||= isConsent(request);
    },
  };
}

/** Leads back to the consent page that was left. */
function resumeConsent(): Pick<Defect, 'answer'> {
  let left: string | undefined;
  return {
    answer: (answer, request) => {
      if (isAuth(request) && left !== undefined) Object.assign(answer, redirectTo(left));
      else if (answer.headers.location?.includes('/required-action?')) left = answer.headers.location;
    },
  };
}
