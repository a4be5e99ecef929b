/** Drawn on a grid of 16, in lines of 1.5. */
const paths = {
  overview: 'M2.5 9.5h3l2-6 3 9 1.6-5h1.4',
  sagas: 'M2.5 4h3M2.5 8h3M2.5 12h3M8 4h5.5M8 8h5.5M8 12h5.5',
  stuck: 'M8 2.2 14 13H2zM8 6.5v3M8 11.3v.1',
  'dead-letters': 'M2 4.5h12v8H2zM2.3 4.8 8 9l5.7-4.2',
  lag: 'M2.5 13.5V2.5M2.5 13.5h11M5.5 11V8.5M8.5 11V5M11.5 11V7',
  topology:
    'M3.5 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM12.5 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM3.5 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM5 5l6 2.4M5 11l6-2.4',
  contracts: 'M4 2h5l3.5 3.5V14H4zM9 2v3.5h3.5M6.3 8.5h4M6.3 11h4',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.4 10.4l3.3 3.3',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.3 12.5 8 5 12.7z',
  sun: 'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1',
  moon: 'M13 9.6A5.4 5.4 0 0 1 6.4 3a5.4 5.4 0 1 0 6.6 6.6Z',
  system: 'M2 3h12v8H2zM5.5 13.5h5M8 11v2.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  check: 'm3 8.5 3.3 3.3L13 4.8',
  undo: 'M6 3.5 2.8 6.7 6 9.9M3 6.7h6.2a3.4 3.4 0 0 1 0 6.8H6.5',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6',
  running: 'M8 2.2a5.8 5.8 0 1 1-5.5 4',
  waiting: 'M4.5 2h7M4.5 14h7M5.5 2v2.2c0 2 5 3 5 5.6V14M10.5 2v2.2c0 2-5 3-5 5.6V14',
  down: 'M8 3v10M4 9l4 4 4-4',
  up: 'M8 13V3M4 7l4-4 4 4',
  right: 'M3 8h10M9 4l4 4-4 4',
  external: 'M6 3.5H3.5v9h9V10M9 3h4v4M13 3 7.5 8.5',
  download: 'M8 2.5v8M4.5 7 8 10.5 11.5 7M3 13.5h10',
  close: 'm4 4 8 8M12 4l-8 8',
  person: 'M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3 13.5c.5-2.6 2.4-4 5-4s4.5 1.4 5 4',
  key: 'M2.5 4.500h11v7h-11zM5 9.500h6M5 7h.1M8 7h.1M11 7h.1',
  star: 'm8 2.3 1.7 3.6 4 .5-2.9 2.7.7 3.900L8 11.1 4.5 13l.7-3.900L2.3 6.400l4-.5z',
  effect: 'm8.5 1.8-5 7h4l-.5 5.4 5-7h-4z',
  braces:
    'M6 2.500H5A1.5 1.5 0 0 0 3.5 4v2.500L2.3 8l1.2 1.500V12A1.5 1.5 0 0 0 5 13.500h1M10 2.500h1A1.5 1.5 0 0 1 12.5 4v2.500L13.7 8l-1.2 1.500V12a1.5 1.5 0 0 1-1.5 1.500h-1',
  expand: 'M9.5 2.500h4v4M6.5 13.500h-4v-4M13.5 2.5 9 7M2.5 13.5 7 9',
  terminal: 'm3 4.5 3.5 3.500L3 11.500M8 12h5',
  next: 'm6 3.5 4.5 4.500L6 12.5',
  drop: 'm3.5 6 4.5 4.500L12.5 6',
  lock: 'M4 7.500h8v6H4zM5.5 7.500V5.300a2.5 2.5 0 0 1 5 0v2.2',
} as const

export type IconName = keyof typeof paths

/** A picture beside a word that says the same; screen readers leave it out. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className={`icon icon-${name}`}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
