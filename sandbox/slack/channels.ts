import { BOT, type Channel, type SlackEvent } from "./model.ts";

const directMessage = (user: string): Channel => ({
  id: `D0${user.slice(1)}`,
  name: BOT.name,
  topic: "Direct message",
  user,
  botIsMember: true,
});

/** Channels, and the direct messages that the bot has opened. `tell` hears of new ones. */
export function createChannels(seed: readonly Channel[], tell: (event: SlackEvent) => void) {
  const channels = new Map(seed.map((channel) => [channel.id, channel]));
  return {
    channels: (): readonly Channel[] => [...channels.values()],
    channel: (id: string): Channel | undefined => channels.get(id),

    /** What a person does with a channel: archives it, or puts the bot out. */
    changeChannel(id: string, change: Partial<Pick<Channel, "archived" | "botIsMember">>): void {
      const found = channels.get(id);
      if (found !== undefined) channels.set(id, { ...found, ...change });
    },

    /** The channel is deleted; for the bot it never was. */
    dropChannel: (id: string): boolean => channels.delete(id),

    openDirect(user: string): Channel {
      const channel = directMessage(user);
      const known = channels.get(channel.id);
      if (known !== undefined) return known;
      channels.set(channel.id, channel);
      tell({ is: "channel", channel });
      return channel;
    },
  };
}
