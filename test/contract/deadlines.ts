import { usually } from "../deadlines.ts";

usually(300_000);
