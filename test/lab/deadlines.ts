import { usually } from "../deadlines.ts";

usually(900_000);
