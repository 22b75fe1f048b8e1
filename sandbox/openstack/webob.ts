const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/**
 * WebOb's words for an error, to those who accept JSON: how Glance says all of them, and Nova those of its router. `head`
 * is what a service leaves of WebOb's own words for the status, before its own.
 */
export function webobOf(fault: { readonly status: number; readonly message: string }, head?: string) {
  const title = TITLES[fault.status] ?? "Error";
  const said = head === undefined ? `${fault.message}<br /><br />\n` : `${head}<br /><br />\n${fault.message}`;
  return { message: `${said}\n\n`, code: `${fault.status} ${title}`, title };
}
