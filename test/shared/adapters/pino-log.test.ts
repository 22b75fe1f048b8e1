import { pinoLog } from "../../../shared/adapters/pino-log.ts";

// Goal: the log is one JSON line for each event, and no field that usually holds a secret shows it.
function logged(fields: Readonly<Record<string, unknown>>): unknown {
  const lines: string[] = [];
  pinoLog({ write: (line) => void lines.push(line) }).warn("slack.refused", fields);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "");
}

test("an event with its level, its time and its fields", () => {
  expect(logged({ why: "signature" })).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    event: "slack.refused",
    why: "signature",
  });
});

test.each([
  "token",
  "password",
  "secret",
  "authorization",
  "signature",
  "user_data",
  "userData",
  "payload",
  "credential",
])("%s is masked, at the top and one level down", (name) => {
  expect(logged({ [name]: "hunter2", auth: { [name]: "hunter2", user: "team-a" } })).toMatchObject({
    [name]: "***",
    auth: { [name]: "***", user: "team-a" },
  });
});
