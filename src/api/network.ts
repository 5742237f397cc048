/** The way out: proxies of the environment and certificate authorities of one's own. */
import type * as Undici from 'undici';

export interface NetworkOptions {
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in either case. */
  readonly proxy?: { readonly https?: string; readonly http?: string; readonly no?: string };
  /** Certificate authorities to trust besides the usual ones, in PEM. */
  readonly ca?: string;
}

/** The proxy settings of an environment. */
export const proxyFrom = (
  environment: Readonly<Record<string, string | undefined>>,
): NetworkOptions['proxy'] => {
  const read = (name: string): string | undefined => {
    const value = environment[name.toLowerCase()] ?? environment[name];
    return value === undefined || value === '' ? undefined : value;
  };
  const [https, http, no] = [read('HTTPS_PROXY'), read('HTTP_PROXY'), read('NO_PROXY')];
  if (https === undefined && http === undefined) return undefined;
  return {
    ...(https === undefined ? {} : { https }),
    ...(http === undefined ? {} : { http }),
    ...(no === undefined ? {} : { no }),
  };
};

/** `fetch`, through the proxy and with the authorities where there are any. */
export const fetchThrough = ({ proxy, ca }: NetworkOptions): typeof globalThis.fetch => {
  if (proxy === undefined && ca === undefined) return async (input, init) => globalThis.fetch(input, init);
  // Loaded only here: most runs go straight out.
  let agent: Promise<readonly [typeof Undici, Undici.Dispatcher]> | undefined;
  const load = async (): Promise<readonly [typeof Undici, Undici.Dispatcher]> => {
    const [undici, tls] = await Promise.all([import('undici'), import('node:tls')]);
    const connect = ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] };
    const dispatcher =
      proxy === undefined
        ? new undici.Agent({ connect })
        : new undici.EnvHttpProxyAgent({
            connect,
            requestTls: connect,
            ...(proxy.https === undefined ? {} : { httpsProxy: proxy.https }),
            ...(proxy.http === undefined ? {} : { httpProxy: proxy.http }),
            noProxy: proxy.no ?? '',
          });
    return [undici, dispatcher];
  };
  return async (input, init) => {
    const [undici, dispatcher] = await (agent ??= load());
    const request = new Request(input, init);
    const body = request.body === null ? null : await request.text();
    const response = await undici.fetch(request.url, {
      method: request.method,
      headers: [...request.headers],
      body,
      redirect: request.redirect,
      signal: request.signal,
      dispatcher,
    });
    return response;
  };
};
