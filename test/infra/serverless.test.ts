import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { namespaceOf } from "../../functions/lambda/start.ts";
import { bundle, FUNCTIONS } from "../../infra/bundle.ts";
import { emf } from "../../shared/adapters/emf.ts";
import { METRICS, type MetricName } from "../../shared/ports/metrics.ts";
import { command, FORM, SECRET, signed } from "../handlers/slack/front.ts";
import { httpEvent } from "../support/aws-events.ts";
import { awsEnv, dynamoServer } from "../support/servers.ts";

// Goal: what a deploy would upload is made without the network, small, without a test's or the sandbox's line in it, and its
// template is one that CloudFormation knows: everything encrypted, nobody with more rights than their calls need.
type Json = { readonly [name: string]: unknown };
interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Json }>>;
}

/** As much of the specification's own types as is read here. */
type Type =
  | { readonly type: "ref"; readonly reference: { readonly $ref: string } }
  | { readonly type: "array" | "map"; readonly element: Type }
  | { readonly type: "union"; readonly types: readonly Type[] }
  | { readonly type: "string" };
type Known = Readonly<Record<string, { readonly type: Type; readonly required?: boolean }>>;

const OUT = ".package";
let template: Template;
let bundles: Awaited<ReturnType<typeof bundle>>;
let database: ReturnType<typeof loadAwsServiceSpecSync>;

beforeAll(async () => {
  bundles = await bundle();
  const osls = ["node_modules/osls/bin/serverless.js", "package", "--package", OUT, "--stage", "test"];
  // No credentials and no way out.
  const env = {
    PATH: process.env["PATH"],
    HOME: "/nonexistent",
    HTTPS_PROXY: "http://127.0.0.1:9",
    SLS_TELEMETRY_DISABLED: "1",
  };
  execFileSync(process.execPath, osls, { env, stdio: "pipe" });
  template = JSON.parse(readFileSync(`${OUT}/cloudformation-template-update-stack.json`, "utf8")) as Template;
  database = loadAwsServiceSpecSync();
}, 120_000);

const of = (type: string) => Object.entries(template.Resources).filter(([, one]) => one.Type === type);
const text = (part: unknown): string => JSON.stringify(part);

/** The names in a zip, from its directory at the end. */
function namesIn(zip: Buffer): readonly string[] {
  const names: string[] = [];
  const entry = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
  for (let at = zip.indexOf(entry); at >= 0; at = zip.indexOf(entry, at + 46)) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString("utf8", at + 46, at + 46 + length));
  }
  return names;
}

/** What an object of this type may have in it; undefined where the specification does not say. */
function knownOf(type: Type | undefined): Known | undefined {
  if (type?.type === "union") return type.types.map(knownOf).find((one) => one !== undefined);
  if (type?.type === "array") return knownOf(type.element);
  if (type?.type !== "ref") return undefined;
  return database.get("typeDefinition", type.reference.$ref).properties as unknown as Known;
}

/** What CloudFormation's specification has against these properties. */
function strange(where: string, known: Known, given: Json): readonly string[] {
  const unknown = Object.keys(given)
    .filter((name) => known[name] === undefined)
    .map((name) => `${where} has no ${name}`);
  const missing = Object.entries(known)
    .filter(([name, { required }]) => required === true && given[name] === undefined)
    .map(([name]) => `${where} lacks ${name}`);
  const inside = Object.entries(given).flatMap(([name, value]) => {
    const inner = knownOf(known[name]?.type);
    if (inner === undefined) return [];
    return [value].flat().flatMap((one) => (isPlain(one) ? strange(`${where}.${name}`, inner, one) : []));
  });
  return [...unknown, ...missing, ...inside];
}

/** An object that is not a function of CloudFormation's. */
const isPlain = (value: unknown): value is Json =>
  typeof value === "object" &&
  value !== null &&
  !Object.keys(value).some((key) => key === "Ref" || key.startsWith("Fn::"));

function strangers(all: Template): readonly string[] {
  return Object.entries(all.Resources).flatMap(([name, { Type: type, Properties: given }]) => {
    const [found] = [...database.lookup("resource", "cloudFormationType", "equals", type)];
    return found === undefined
      ? [`${name}: there is no ${type}`]
      : strange(`${name}: ${type}`, found.properties as unknown as Known, given);
  });
}

test("CloudFormation knows every resource and every property", () => {
  expect(strangers(template)).toEqual([]);
});

test("and the check finds what it should", () => {
  const wrong = {
    Resources: {
      A: { Type: "AWS::SQS::Kueue", Properties: {} },
      B: { Type: "AWS::SQS::Queue", Properties: { VisibilityTimeOut: 1 } },
      C: {
        Type: "AWS::DynamoDB::Table",
        Properties: { KeySchema: [{ AttributeName: "a" }], SSESpecification: { On: true } },
      },
    },
  };
  expect(strangers(wrong)).toEqual([
    "A: there is no AWS::SQS::Kueue",
    "B: AWS::SQS::Queue has no VisibilityTimeOut",
    "C: AWS::DynamoDB::Table.KeySchema lacks KeyType",
    "C: AWS::DynamoDB::Table.SSESpecification has no On",
    "C: AWS::DynamoDB::Table.SSESpecification lacks SSEEnabled",
  ]);
});

test.each(FUNCTIONS)("%s: the files of its bundle and no other, below 1.5 MB zipped", (name) => {
  const zip = readFileSync(`${OUT}/${name}.zip`);
  const files = [...bundles[name].files.keys()].map((file) => `.build/${name}/${file}`);
  expect(files).toContain(`.build/${name}/index.cjs`);
  expect([...namesIn(zip)].sort()).toEqual(files.sort());
  expect(zip.length).toBeLessThan(1_500_000);
  const [, { Properties: properties } = { Properties: {} }] =
    of("AWS::Lambda::Function").find(([, one]) => one.Properties["FunctionName"] === `kinvirt-test-${name}`) ?? [];
  expect(properties).toMatchObject({ Handler: `.build/${name}/index.handler`, Runtime: "nodejs24.x" });
});

test.each(FUNCTIONS)("%s: nothing of the sandbox, of tests, or that is for development only", (name) => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const inside = bundles[name].modules;
  expect(inside).toContain("functions/compose.ts");
  const from = new Set(inside.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  expect(from.size).toBeGreaterThan(10);
  expect(from).toContain("node_modules/@opentelemetry/sdk-trace");
  expect([...from].filter((path) => packages[path]?.dev !== undefined)).toEqual([]);
  expect(inside.filter((path) => /^(sandbox|test|infra|bench)\//.test(path))).toEqual([]);
});

test("whoever types waits for no more than Bolt before the function is there: the rest is read with the settings", () => {
  const first = bundles.slack.first.modules;
  expect(first.filter((path) => !path.startsWith("node_modules/")).sort()).toEqual([
    "functions/environment.ts",
    "functions/lambda/slack.ts",
    "functions/lambda/start.ts",
    "functions/slack.ts",
    "handlers/slack/app.ts",
    "handlers/unhandled.ts",
    "handlers/within.ts",
    "shared/adapters/aws.ts",
    "shared/adapters/emf.ts",
    "shared/adapters/lazy.ts",
    "shared/adapters/parameters.ts",
    "shared/ports/metrics.ts",
  ]);
  const packages = new Set(first.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
  for (const later of [
    "zod",
    "yaml",
    "pino",
    "commander",
    "keyv",
    "@aws-sdk/client-ssm",
    "@smithy/core",
    "@opentelemetry/api",
  ])
    expect([later, packages.has(later)]).toEqual([later, false]);
});

test.each(FUNCTIONS)("%s: loads, and what is missing for its start is said by the first call", (name) => {
  const call = `
    const { handler } = require("./.build/${name}/index.cjs");
    handler({}, {}).then(() => process.exit(1), (error) => process.stdout.write(error.message));`;
  const said = execFileSync(process.execPath, ["--input-type=commonjs", "-e", call], {
    env: { KINVIRT_CONFIG: "/none/kinvirt.yaml", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" },
    encoding: "utf8",
  });
  expect(said).toContain("/none/kinvirt.yaml does not exist");
  expect(said).toContain("SLACK_BOT_TOKEN is not set");
});

/** What a packaged function answers to this event, in a process of its own, and what it has written. */
async function called(name: (typeof FUNCTIONS)[number], event: object, env: Readonly<Record<string, string>>) {
  const call = `
    require("./.build/${name}/index.cjs").handler(JSON.parse(process.argv[1]), {})
      .then((answer) => process.stderr.write(JSON.stringify(answer)), (error) => process.stderr.write(error.stack))
      .finally(() => process.exit());`;
  const args = ["--input-type=commonjs", "-e", call, JSON.stringify(event)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: { ...env } });
  return { answer: stderr, log: stdout };
}

const CLOUD = `{ region_name: R, auth: { auth_url: "http://127.0.0.1:9/v3", username: a, password: a, project_name: a,
  user_domain_name: Default, project_domain_name: Default } }`;

test("as they are packaged: what they load later is there when they need it", async () => {
  const parameters = {
    "kinvirt.yaml": readFileSync("kinvirt.example.yaml", "utf8"),
    "clouds.yaml": `clouds: { team-a: ${CLOUD}, team-b: ${CLOUD} }`,
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_API_URL: "http://127.0.0.1:9/api/",
  };
  const ssm = createServer((_request, response) => {
    const all = Object.entries(parameters).map(([name, Value]) => ({ Name: `/kinvirt/test/${name}`, Value }));
    response.setHeader("content-type", "application/x-amz-json-1.1").end(JSON.stringify({ Parameters: all }));
  }).listen(0, "127.0.0.1");
  await once(ssm, "listening");
  const table = await dynamoServer();
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const dynamo = new DynamoDBClient({ region: "eu-central-1", credentials, endpoint: at(table.port) });
  try {
    const { BillingMode, AttributeDefinitions, KeySchema } = template.Resources["State"]?.Properties as never;
    await dynamo.send(new CreateTableCommand({ TableName: "kinvirt", BillingMode, AttributeDefinitions, KeySchema }));
    const env = {
      ...awsEnv,
      KINVIRT_PARAMETERS: "/kinvirt/test",
      KINVIRT_STORE: "dynamodb://kinvirt",
      // Its client goes to this address by itself, over TLS: nobody is there.
      KINVIRT_QUEUE: "sqs://127.0.0.1:9/000000000000/work",
      AWS_ENDPOINT_URL_SSM: at((ssm.address() as AddressInfo).port),
      AWS_ENDPOINT_URL_DYNAMODB: at(table.port),
    };
    const body = command("create dev");
    const headers = { "content-type": FORM, ...signed(body, Date.now()) };
    const event = httpEvent("POST", "/slack/events", headers, body);
    const asked = await called("slack", event, env);
    expect(asked.answer).toContain("Planning to create dev");
    expect(asked.log).toContain("ECONNREFUSED");
    const { Items: items = [] } = await dynamo.send(new ScanCommand({ TableName: "kinvirt" }));
    const [request = ""] = items.flatMap(({ key }) => /^request\/(\w+)$/.exec(key?.S ?? "")?.[1] ?? []);
    const record = { messageId: "1", body: JSON.stringify({ is: "plan", request }) };
    const planned = await called("reconcile", { Records: [record] }, env);
    // Nobody is at the cloud's address either: so far its client has come.
    expect(planned.log).toMatch(/ECONNREFUSED.*"event":"openstack.failed"/);
    expect(`${asked.log}${planned.log}${planned.answer}`).not.toMatch(/TypeError|is not a (function|constructor)/);
  } finally {
    dynamo.destroy();
    ssm.close();
    ssm.closeAllConnections();
    await table.close();
  }
}, 60_000);

test("whatever keeps something is encrypted", () => {
  for (const [, { Properties: table }] of of("AWS::DynamoDB::Table"))
    expect(table).toMatchObject({
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
      DeletionProtectionEnabled: true,
    });
  expect(of("AWS::SQS::Queue")).toHaveLength(2);
  for (const [, { Properties: queue }] of of("AWS::SQS::Queue")) expect(queue["SqsManagedSseEnabled"]).toBe(true);
  for (const [, { Properties: bucket }] of of("AWS::S3::Bucket"))
    expect(text(bucket)).toContain('"SSEAlgorithm":"AES256"');
  // Kinds of which this test knows how they are encrypted, or that keep nothing.
  const keepers = Object.values(template.Resources).filter(({ Type: type }) =>
    /^AWS::(S3|RDS|SNS|EFS|EC2|ElastiCache|Kinesis)/.test(type),
  );
  expect(new Set(keepers.map(({ Type: type }) => type))).toEqual(new Set(["AWS::S3::Bucket", "AWS::S3::BucketPolicy"]));
});

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: unknown;
}
const statementsOf = (role: Json): readonly Statement[] =>
  (role["Policies"] as readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[]).flatMap(
    (policy) => policy.PolicyDocument.Statement,
  );

test("each function has a role of its own, which names calls and resources", () => {
  const roles = of("AWS::IAM::Role");
  expect(roles.map(([name]) => name).sort()).toEqual([
    "DownloadRole",
    "HealthRole",
    "ReconcileRole",
    "SlackRole",
    "SweepRole",
  ]);
  for (const [, { Properties: role }] of roles) {
    for (const { Action: actions, Resource: resource } of statementsOf(role)) {
      expect(text(actions)).not.toContain("*");
      // A star is at the end only: the streams of its own log, the parameters below its own path.
      for (const one of text(resource).match(/arn:[^"]*/g) ?? []) expect(one).toMatch(/^[^*]*(:\*|\/\*)?$/);
      expect(resource).not.toBe("*");
    }
  }
  const rights = Object.fromEntries(
    roles.map(([name, { Properties: role }]) => [
      name,
      statementsOf(role)
        .flatMap(({ Action: actions }) => actions)
        .filter((one) => /^(sqs|dynamodb)/.test(one)),
    ]),
  );
  expect(rights["HealthRole"]).toEqual(["sqs:SendMessage"]);
  expect(rights["DownloadRole"]).not.toContain("sqs:SendMessage");
  expect(text(rights["SlackRole"])).not.toMatch(/ReceiveMessage|DeleteMessage/);
  for (const [, { Properties: made }] of of("AWS::Lambda::Function"))
    expect(text(made["Role"])).toMatch(/^\{"Fn::GetAtt":\["\w+Role","Arn"\]\}$/);
});

test("no secret and no place for one is in a function's environment", () => {
  for (const [, { Properties: made }] of of("AWS::Lambda::Function")) {
    const { Variables: variables } = made["Environment"] as { readonly Variables: Json };
    expect(Object.keys(variables).sort()).toEqual([
      "KINVIRT_PARAMETERS",
      "KINVIRT_PUBLIC_URL",
      "KINVIRT_QUEUE",
      "KINVIRT_STORE",
    ]);
  }
  expect(text(template)).not.toMatch(/resolve:|xox[bap]-|SIGNING_SECRET/);
});

test("the queue: failed messages alone come again, later than their function lives, and lie aside after the fifth time", () => {
  const queues = Object.fromEntries(of("AWS::SQS::Queue").map(([name, { Properties: queue }]) => [name, queue]));
  expect(queues["Work"]).toMatchObject({
    RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] } },
  });
  const [[, { Properties: mapping } = { Properties: {} }] = []] = of("AWS::Lambda::EventSourceMapping");
  expect(mapping).toMatchObject({
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    ScalingConfig: { MaximumConcurrency: expect.any(Number) },
  });
  const reconcile = template.Resources["ReconcileLambdaFunction"]?.Properties["Timeout"];
  expect(Number(queues["Work"]?.["VisibilityTimeout"])).toBeGreaterThan(Number(reconcile));
});

test("logs end, both schedules run, and every function and the queue have alarms", () => {
  expect(of("AWS::Logs::LogGroup")).toHaveLength(FUNCTIONS.length);
  for (const [, { Properties: group }] of of("AWS::Logs::LogGroup")) expect(group["RetentionInDays"]).toBe(90);
  expect(of("AWS::Events::Rule").map(([, { Properties: rule }]) => rule["ScheduleExpression"])).toEqual([
    "rate(1 minute)",
    "rate(1 minute)",
  ]);
  const alarms = of("AWS::CloudWatch::Alarm").map(([, { Properties: alarm }]) => alarm);
  const watched = (metric: string) => alarms.filter((alarm) => alarm["MetricName"] === metric).length;
  expect([watched("Errors"), watched("Throttles")]).toEqual([FUNCTIONS.length, FUNCTIONS.length]);
  expect([watched("ApproximateAgeOfOldestMessage"), watched("ApproximateNumberOfMessagesVisible")]).toEqual([1, 1]);
});

/** The dashboard's JSON, and what stands in it for the namespace of this stage's metrics. */
function board() {
  const { DashboardBody: body } = template.Resources["Dashboard"]?.Properties ?? {};
  const [sub, { Namespace: namespace }] = (body as { readonly "Fn::Sub": [string, { Namespace: string }] })["Fn::Sub"];
  const { widgets } = JSON.parse(sub) as {
    readonly widgets: readonly {
      readonly x: number;
      readonly y: number;
      readonly properties: { readonly title: string; readonly metrics?: readonly (readonly unknown[])[] };
    }[];
  };
  return { sub, namespace, widgets };
}

test("the dashboard names resources that are there, and has no two widgets at one place", () => {
  const { sub, widgets } = board();
  for (const [, name = ""] of sub.matchAll(/\$\{(\w+)[.}]/g))
    if (name !== "Namespace") expect([name, template.Resources[name] !== undefined]).toEqual([name, true]);
  expect(new Set(widgets.map(({ x, y }) => `${x},${y}`)).size).toBe(widgets.length);
});

const SEARCH =
  /^SEARCH\('\{"\$\{Namespace\}",([\w,]+)\} MetricName="(kinvirt_\w+)"(?: ([^']+))?', '(p\d\d|Sum|Maximum|SampleCount)', (\d+)\)$/;

test("the dashboard shows what kinvirt measures, in the namespace in which the functions write it, by its dimensions", () => {
  const { namespace, widgets } = board();
  const { Environment: environment } = template.Resources["SlackLambdaFunction"]?.Properties ?? {};
  const { Variables: env } = environment as { readonly Variables: Readonly<Record<string, string>> };
  const written: string[] = [];
  const { metrics, flush } = emf(namespaceOf(env), (line) => void written.push(line));
  metrics.observe("kinvirt_sweep_seconds", {}, 1);
  flush();
  expect(JSON.parse(written[0] ?? "")._aws.CloudWatchMetrics[0].Namespace).toBe(namespace);

  const shown = widgets.flatMap(({ properties }) => (properties.metrics ?? []).flatMap((metric) => [...metric]));
  const searches = shown.flatMap((one) =>
    typeof one === "object" && one !== null && "expression" in one ? [one] : [],
  );
  const names = searches.map(({ expression }) => {
    const [, dimensions = "", name = "", terms = ""] = SEARCH.exec(String(expression)) ?? [];
    const { labels } = METRICS[name as MetricName];
    expect([expression, dimensions.split(",")]).toEqual([expression, [...labels]]);
    for (const [, term = ""] of terms.matchAll(/(\w+)=/g)) expect([...labels]).toContain(term);
    return name;
  });
  expect([...new Set([...names, "kinvirt_sweep_seconds"])].sort()).toEqual(Object.keys(METRICS).sort());
  const direct = shown.flatMap((one, at) => (/^\$\{Namespace\}$/.test(String(one)) ? [shown[at + 1]] : []));
  expect(direct).toEqual(["kinvirt_sweep_seconds"]);
  expect(METRICS.kinvirt_sweep_seconds.labels).toEqual([]);
});
