/** Parley's mark: two who speak, turned to each other. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 64 64" fill="none">
      <path
        d="M10 6h27a10 10 0 0 1 10 10v11a10 10 0 0 1-10 10H22l-9.3 8.4A2.8 2.8 0 0 1 8 43.300V35.600A10 10 0 0 1 0 27V16A10 10 0 0 1 10 6Z"
        className="fill-accent"
      />
      <path
        d="M54 22a10 10 0 0 1 10 10v9a10 10 0 0 1-8 9.800v6.300a2.600 2.600 0 0 1-4.400 1.900L42.800 51H33a10 10 0 0 1-8.600-4.900L28.200 42H38a14 14 0 0 0 14-14v-6Z"
        className="fill-text"
      />
    </svg>
  )
}
