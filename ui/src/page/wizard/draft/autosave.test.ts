import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Autosave, type Mark } from "./autosave";

interface Text {
  name?: string;
  persona?: string;
}

class Refusal extends Error {}

function house(send: (part: Text) => Promise<unknown>, restored?: Text) {
  const kept: (Text | undefined)[] = [];
  const marks: Mark[] = [];
  const autosave = new Autosave<Text>(
    {
      send,
      keep: (part) => kept.push(part && { ...part }),
      tell: (mark) => marks.push(mark),
      isRefusal: (error) => error instanceof Refusal,
    },
    restored,
  );
  return { autosave, kept, marks };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("autosave", () => {
  test("sends once, when the typing rests", async () => {
    const sent: Text[] = [];
    const { autosave, kept, marks } = house(async (part) => sent.push(part));
    autosave.change({ name: "N" });
    await vi.advanceTimersByTimeAsync(300);
    autosave.change({ name: "Ne" });
    await vi.advanceTimersByTimeAsync(399);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([{ name: "Ne" }]);
    expect(kept.at(-1)).toBeUndefined();
    expect(marks.at(-1)).toBe("saved");
  });

  test("a letter typed during the request is sent after it", async () => {
    const sent: Text[] = [];
    const { autosave } = house(async (part) => {
      sent.push(part);
      if (sent.length === 1) autosave.change({ name: "Nele" });
    });
    autosave.change({ name: "Nel" });
    await autosave.flush();
    expect(sent).toEqual([{ name: "Nel" }, { name: "Nele" }]);
  });

  test("tries again by itself after an outage, and keeps the text meanwhile", async () => {
    let away = true;
    const sent: Text[] = [];
    const { autosave, kept } = house(async (part) => {
      if (away) throw new Error("away");
      sent.push(part);
    });
    autosave.change({ name: "Nele" });
    await vi.advanceTimersByTimeAsync(400);
    expect(kept.at(-1)).toEqual({ name: "Nele" });
    away = false;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sent).toEqual([{ name: "Nele" }]);
    expect(kept.at(-1)).toBeUndefined();
  });

  test("does not repeat what was refused until it changes", async () => {
    const send = vi.fn().mockRejectedValueOnce(new Refusal()).mockResolvedValue(undefined);
    const { autosave, marks } = house(send);
    autosave.change({ name: "\u202e" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(send).toHaveBeenCalledTimes(1);
    expect(marks.at(-1)).toBe("refused");
    autosave.change({ name: "Nele" });
    await vi.advanceTimersByTimeAsync(400);
    expect(send).toHaveBeenLastCalledWith({ name: "Nele" });
  });

  test("flush says when it could not save", async () => {
    const { autosave } = house(() => Promise.reject(new Refusal()));
    autosave.change({ name: "x" });
    await expect(autosave.flush()).rejects.toBeInstanceOf(Refusal);
  });

  test("what a reload left behind is sent at once", async () => {
    const sent: Text[] = [];
    house(async (part) => sent.push(part), { persona: "calm" });
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([{ persona: "calm" }]);
  });
});
