/** What is issued for a fake that speaks https. Apart from how: users' compilers read these types, and no package's. */

export interface ServerCertificate {
  /** PEM. */
  key: string;
  /** PEM: the certificate, then its authority's. */
  cert: string;
}

/** Who vouches for the certificates of one mock. Its key is never exported, and is gone with this process. */
export interface Authority {
  /** PEM: what clients are told to trust. */
  pem: string;
  /** @param names host names and addresses. */
  issue(names: string[]): Promise<ServerCertificate>;
}
