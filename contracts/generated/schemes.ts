/** The security schemes of openapi.yaml whose tokens carry scopes, and how the suite comes by such tokens. */
import type { Need } from '../check.ts';
import type { DeclaredOperation } from '../document.ts';
import { expectMember } from '../expect.ts';
import type { Session } from '../session.ts';

export interface Scheme {
  name: string;
  /** Member of the target whose tokens these are. */
  need: Need;
  /** The scope that opens everything; absent where there is none. */
  superScope?: string;
  /** Scopes of which any one opens the operation. */
  opening(operation: DeclaredOperation): string[];
  /** Every scope that the target's client can have. */
  grantable(session: Session): string[];
  /** A token with exactly these scopes, by client credentials. */
  mint(session: Session, ...scopes: string[]): Promise<string>;
  /** Whether the token endpoint gives out tokens without any scope. */
  dealsWithoutScope: boolean;
  /** The fake's own way to such a token. */
  makeWithoutScope?(session: Session): Promise<string>;
}

/** `internal` is the vendor's own app's. */
const NOBODYS = ['internal'];

const scheme = (name: string, own: Omit<Scheme, 'name' | 'opening' | 'grantable'>): Scheme => ({
  name,
  ...own,
  opening: ({ security }) => security.flatMap((alternative) => alternative[name] ?? []),
  grantable: ({ document }) => (document.scopes[name] ?? []).filter((scope) => !NOBODYS.includes(scope)),
});

const SCHEMES: Scheme[] = [
  scheme('sipgateOAuth', {
    need: 'sipgate.client',
    superScope: 'all',
    mint: (session, ...scopes) => session.sipgateToken(...scopes),
    dealsWithoutScope: true,
  }),
  scheme('sipsimOAuth', {
    need: 'sipsim.client',
    mint: (session, ...scopes) => session.sipsimToken(...scopes),
    // 400 invalid_scope from Doorkeeper 5.6 on.
    dealsWithoutScope: false,
    makeWithoutScope: (session) =>
      session.once('a SIPSIM token without any scope', async () => {
        const reply = await session.control('/tokens', 'POST', { provider: 'sipsim', scopes: [] });
        const token = expectMember(reply, 'accessToken', 'string');
        session.client.secrets.keep(token);
        return token;
      }),
  }),
];

/** The schemes whose scopes an operation asks for; none where it asks for no scope. */
export const schemesOf = (operation: DeclaredOperation): Scheme[] =>
  SCHEMES.filter((candidate) => candidate.opening(operation).length > 0);
