/** URLs of proxies, and who is reached without one: `.example.org,10.0.0.1`. Empty: none. */
export interface Proxies {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}
