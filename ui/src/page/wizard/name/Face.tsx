// Faces of the characters: one friendly head, one colour and one thing that tells what it is good at. Decoration, so hidden from screen readers.
import type { ReactNode } from "react";
import classes from "./Face.module.css";

const INK = "#1d2b33";
const line = { fill: "none", stroke: INK, strokeWidth: 2, strokeLinecap: "round", strokeLinejoin: "round" } as const;

interface Look {
  ground: string;
  head: string;
  thing?: ReactNode;
  eyes?: ReactNode;
}

const EYES = (
  <g fill={INK}>
    <circle cx="19" cy="25" r="2" />
    <circle cx="29" cy="25" r="2" />
  </g>
);

const PLAIN: Look = { ground: "#0c7b85", head: "#fdf6ec" };

const LOOKS: Record<string, Look> = {
  assistant: {
    ground: "#0c7b85",
    head: "#fdf6ec",
    thing: (
      <path
        d="M24 40l-6-3.500v7zM24 40l6-3.500v7z"
        fill="#f2b53b"
        stroke={INK}
        strokeWidth="1.500"
        strokeLinejoin="round"
      />
    ),
  },
  editor: {
    ground: "#7a6bc4",
    head: "#fbeee4",
    eyes: (
      <g {...line} strokeWidth={1.8}>
        <circle cx="18.500" cy="25" r="4.200" fill="#fff" />
        <circle cx="29.500" cy="25" r="4.200" fill="#fff" />
        <path d="M22.700 25h2.600" />
        <circle cx="18.500" cy="25" r="1" fill={INK} />
        <circle cx="29.500" cy="25" r="1" fill={INK} />
      </g>
    ),
    thing: (
      <path
        d="M39 5l4.500 3-8 10.500-4.200 1.700.700-4.500z"
        fill="#f2b53b"
        stroke={INK}
        strokeWidth="1.500"
        strokeLinejoin="round"
      />
    ),
  },
  tutor: {
    ground: "#3f6fb5",
    head: "#f7e6d4",
    thing: (
      <g stroke={INK} strokeWidth="1.500" strokeLinejoin="round">
        <path d="M24 6l15 6-15 6-15-6z" fill="#26343d" />
        <path d="M37 13v7" fill="none" strokeLinecap="round" />
        <circle cx="37" cy="21.500" r="1.600" fill="#f2b53b" />
      </g>
    ),
  },
  family: {
    ground: "#d9603e",
    head: "#fdf0e2",
    thing: (
      <path
        d="M35 8.500c2-2.600 6-1 6 2.200 0 3-3.300 5.200-6 7.300-2.700-2.100-6-4.300-6-7.300 0-3.200 4-4.800 6-2.200z"
        fill="#fff"
        stroke={INK}
        strokeWidth="1.500"
      />
    ),
  },
  scout: {
    ground: "#4d8a57",
    head: "#f9ecd9",
    thing: (
      <g {...line}>
        <circle cx="35" cy="33" r="5.500" fill="#dff1fb" />
        <path d="M39 37l4.500 4.500" strokeWidth="3" />
      </g>
    ),
  },
  coder: {
    ground: "#33414b",
    head: "#eaf3f2",
    eyes: (
      <g {...line}>
        <path d="M20.500 22l-3.500 3 3.500 3M27.500 22l3.500 3-3.500 3" />
      </g>
    ),
    thing: <path d="M11 27v-2a13 13 0 0 1 26 0v2" {...line} stroke="#f2b53b" strokeWidth="2.600" />,
  },
  shop: {
    ground: "#b98716",
    head: "#fdf3e3",
    thing: (
      <g stroke={INK} strokeWidth="1.500" strokeLinejoin="round">
        <path d="M11 8h26l3 7H8z" fill="#fff" />
        <path d="M17 8l-2 7h6V8zM27 8h-0v7h6l-2-7z" fill="#d9603e" />
      </g>
    ),
  },
  language: {
    ground: "#a8508a",
    head: "#fbeadf",
    thing: (
      <g stroke={INK} strokeWidth="1.500" strokeLinejoin="round">
        <path d="M29 7h13v10h-6l-4 4v-4h-3z" fill="#fff" />
        <path d="M32 10.500h7M32 13.500h4" strokeLinecap="round" />
      </g>
    ),
  },
};

export function Face({ id, size = 48 }: { id: string | undefined; size?: number }) {
  const look = (id && LOOKS[id]) || PLAIN;
  return (
    <svg className={classes.face} width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <rect width="48" height="48" rx="14" fill={look.ground} />
      <rect x="11" y="13" width="26" height="24" rx="11" fill={look.head} stroke={INK} strokeWidth="1.500" />
      {look.eyes ?? EYES}
      <path d="M20.500 31c1.800 2 5.200 2 7 0" {...line} />
      {look.thing}
    </svg>
  );
}
