import { expect, test } from "vitest";
import { beside, inWords } from "./Tip";

const series = [
  { key: "a", name: "People", colour: "" },
  { key: "b", name: "Heartbeat", colour: "" },
];
const says = (amount: number) => `$${amount}`;

test("a bar is said whole, then what it is made of", () => {
  expect(inWords({ key: "1", name: "21 Nov", parts: [3, 1] }, series, says)).toBe(
    "21 Nov: $4. People $3, Heartbeat $1",
  );
  expect(inWords({ key: "1", name: "21 Nov", parts: [0, 0] }, series, says)).toBe("21 Nov: $0");
  expect(inWords({ key: "1", name: "21 Nov", parts: [3] }, series.slice(0, 1), says)).toBe("21 Nov: $3");
});

test.each([
  [100, 200, 1000, 118],
  [900, 200, 1000, 682],
  // No room on either side: inside the frame.
  [150, 280, 300, 0],
  [290, 280, 300, 0],
])("the tip of a bar at %d stands beside it", (middle, width, room, left) =>
  expect(beside(middle, width, room)).toBe(left),
);
