/** Slack's short names of the emoji that bots and people use most. */
export const EMOJI: Readonly<Record<string, string>> = {
  alarm_clock: "⏰", arrow_down: "⬇️", arrow_right: "➡️", arrow_up: "⬆️", arrows_counterclockwise: "🔄", bell: "🔔",
  black_circle: "⚫", black_square_button: "🔲", blue_book: "📘", boom: "💥", bulb: "💡", calendar: "📅", chart_with_upwards_trend: "📈",
  clipboard: "📋", clock1: "🕐", cloud: "☁️", construction: "🚧", cop: "👮", eyes: "👀", file_folder: "📁", fire: "🔥",
  floppy_disk: "💾", ghost: "👻", gear: "⚙️", globe_with_meridians: "🌐", grey_question: "❔", hammer_and_wrench: "🛠️", heavy_check_mark: "✔️",
  heavy_minus_sign: "➖", heavy_multiplication_x: "✖️", heavy_plus_sign: "➕", hourglass: "⌛", hourglass_flowing_sand: "⏳", information_source: "ℹ️",
  key: "🔑", large_blue_circle: "🔵", large_green_circle: "🟢", large_orange_circle: "🟠", large_red_circle: "🔴", large_yellow_circle: "🟡", link: "🔗",
  lock: "🔒", mag: "🔍", mega: "📣", memo: "📝", money_with_wings: "💸", moneybag: "💰", moyai: "🗿", no_bell: "🔕", no_entry: "⛔",
  no_entry_sign: "🚫", ok: "🆗", ok_hand: "👌", package: "📦", page_facing_up: "📄", point_right: "👉", pray: "🙏", pushpin: "📌",
  question: "❓", raised_hand: "✋", recycle: "♻️", red_circle: "🔴", repeat: "🔁", rocket: "🚀", rotating_light: "🚨", satellite: "🛰️",
  shield: "🛡️", ship: "🚢", sleeping: "😴", slightly_smiling_face: "🙂", sos: "🆘", sparkles: "✨", speech_balloon: "💬", star: "⭐",
  stopwatch: "⏱️", tada: "🎉", thumbsdown: "👎", thumbsup: "👍", "+1": "👍", "-1": "👎", thinking_face: "🤔", ticket: "🎫", timer_clock: "⏲️",
  wastebasket: "🗑️", warning: "⚠️", wave: "👋", wheel_of_dharma: "☸️", white_check_mark: "✅", white_circle: "⚪",
  white_large_square: "⬜", wrench: "🔧", x: "❌", zap: "⚡", zzz: "💤",
};
