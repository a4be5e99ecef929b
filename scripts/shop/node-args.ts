/** For every service: room for what a few batches leave behind. With Node's own 16 MB a seventh of a busy service's time went into collecting it. */
export const nodeArgs = ['--max-semi-space-size=64'] as const
