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

/** WebOb's words for an error, to those who accept JSON: how Glance says all of them, and Nova those of its router. */
export function webobOf(fault: { readonly status: number; readonly message: string }) {
  const title = TITLES[fault.status] ?? "Error";
  return { message: `${fault.message}<br /><br />\n\n\n`, code: `${fault.status} ${title}`, title };
}
