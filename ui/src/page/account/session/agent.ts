// Which browser on which system, from what browsers say of themselves. Only the big ones; whatever else it is, nothing is guessed.

export type Kind = "computer" | "phone" | "tablet" | "program";

export interface Agent {
  browser?: string;
  system?: string;
  kind: Kind;
}

/** The first that matches; browsers carry the names of those they imitate, so the imitators come first. */
const BROWSERS: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\/|\bOPT\//, "Opera"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bYaBrowser\//, "Yandex"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bMicroMessenger\//, "WeChat"],
  [/\bDuckDuckGo\//, "DuckDuckGo"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bChromium\//, "Chromium"],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
];

const SYSTEMS: [RegExp, string, Kind][] = [
  [/\biPhone\b|\biPod\b/, "iPhone", "phone"],
  [/\biPad\b/, "iPad", "tablet"],
  [/\bAndroid\b(?=.*\bMobile\b)/, "Android", "phone"],
  [/\bAndroid\b/, "Android", "tablet"],
  [/\bWindows NT\b/, "Windows", "computer"],
  [/\bCrOS\b/, "ChromeOS", "computer"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS", "computer"],
  [/\bLinux\b|\bX11\b/, "Linux", "computer"],
];

/** Nobody's is longer, and whoever sends more wants to see what it costs to read. */
const MOST_CHARS = 512;

/** Programs call themselves `name/version`. */
const PROGRAMS: [RegExp, string][] = [
  [/^creel\//i, "creel"],
  [/^curl\//i, "curl"],
];

export function agentOf(text: string | null | undefined): Agent {
  const said = (text ?? "").slice(0, MOST_CHARS);
  const program = PROGRAMS.find(([pattern]) => pattern.test(said));
  if (program) return { browser: program[1], kind: "program" };
  const browser = BROWSERS.find(([pattern]) => pattern.test(said))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(said));
  return { browser, system: system?.[1], kind: system?.[2] ?? "computer" };
}
