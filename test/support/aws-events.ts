/**
 * What API Gateway hands to a function, of an HTTP API with payload 2.0; a body comes in base64, as most do. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpEvent = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
) => ({
  version: "2.0",
  routeKey: `${method} ${path.startsWith("/kubeconfig/") ? "/kubeconfig/{token}" : path}`,
  rawPath: path,
  rawQueryString: "",
  headers: { host: "api.example.org", ...headers },
  requestContext: {
    accountId: "123456789012",
    apiId: "api-id",
    domainName: "api.example.org",
    stage: "$default",
    requestId: "JKJaXmPLvHcESHA=",
    http: { method, path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
    timeEpoch: 0,
  },
  ...(body === undefined ? {} : { body: Buffer.from(body).toString("base64") }),
  isBase64Encoded: body !== undefined,
});
