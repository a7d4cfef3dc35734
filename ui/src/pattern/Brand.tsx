// Our mark: a fisher's basket.
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" fill="#0c6b74" />
      <g fill="none" stroke="#fff" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
        <path d="M7 13h18l-2.200 10.200a2 2 0 0 1-2 1.600h-9.600a2 2 0 0 1-2-1.600z" />
        <path d="M10.500 13a5.500 5.500 0 0 1 11 0" />
        <path d="M12.700 17l.5 4.500M16 17v4.500M19.300 17l-.5 4.500" />
      </g>
    </svg>
  );
}
