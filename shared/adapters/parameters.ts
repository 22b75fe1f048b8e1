import { PROMPT } from "./aws.ts";

/**
 * The parameters below this path of AWS Systems Manager, decrypted, by the last part of their names.
 * @throws Error when there is none: a path that is wrong would otherwise look like settings that are missing.
 */
export async function parametersBelow(path: string): Promise<Readonly<Record<string, string>>> {
  const { GetParametersByPathCommand, SSMClient } = await import("./aws-ssm.ts");
  const client = new SSMClient(PROMPT);
  const found: Record<string, string> = {};
  let token: string | undefined;
  try {
    do {
      const page = token === undefined ? {} : { NextToken: token };
      const answer = await client.send(new GetParametersByPathCommand({ Path: path, WithDecryption: true, ...page }));
      for (const { Name: name = "", Value: value } of answer.Parameters ?? [])
        if (value !== undefined) found[name.slice(name.lastIndexOf("/") + 1)] = value;
      token = answer.NextToken;
    } while (token !== undefined);
  } finally {
    client.destroy();
  }
  if (Object.keys(found).length === 0)
    throw new Error(`There are no parameters below ${path}: create them, or correct KINVIRT_PARAMETERS.`);
  return found;
}
