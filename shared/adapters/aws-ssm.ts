/** What is used of AWS's client: a bundle carries no more of it. */
export { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
