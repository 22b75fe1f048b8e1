import { shard } from "./shard.ts";

// Goal: whatever fails, dies, stalls or comes twice, every life of these seeds comes to a good end: part 2 of 2.
shard(2);
