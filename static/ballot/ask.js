/** One request and its answer, for every script of a phone. */

export const ANONYMOUS = { credentials: 'omit', referrerPolicy: 'no-referrer' };

/** Status and bytes; status 0 when no answer of ours came in twenty seconds. */
export async function ask(path, options) {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 20000);
  const always = { cache: 'no-store', redirect: 'error', signal: abort.signal };
  try {
    const response = await fetch(path, Object.assign(always, options));
    const bytes = new Uint8Array(await response.arrayBuffer());
    // A page is no answer of ours, but a Wi-Fi asking for its password.
    const page = response.status === 200 && /html/.test(response.headers.get('Content-Type'));
    return { status: page ? 0 : response.status, bytes };
  } catch (error) {
    return { status: 0 };
  }
}

export function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    return {};
  }
}
