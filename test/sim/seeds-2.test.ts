import { shard } from "./shard.ts";

// Goal: whatever fails, dies, stalls or comes twice, every life of a thousand seeds comes to a good end: part 2 of 4.
shard(2);
