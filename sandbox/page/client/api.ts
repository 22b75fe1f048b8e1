/** What the server said no to, in its words. */
export class Refused extends Error {}

/** `POST /sandbox/<act>`. @throws Refused */
export async function act(name: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`/sandbox/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer: Readonly<Record<string, unknown>> = await response.json();
  if (!response.ok) throw new Refused(String(answer["error"] ?? response.statusText));
  return answer;
}
