/**
 * What the tracker's API says, under `/api/v1`: for the console, the command line and whoever reads JSON. Times are ISO 8601 in UTC,
 * durations milliseconds. Errors are `application/problem+json` with a `code`.
 */
export type * from './api/health.ts'
export type * from './api/operations.ts'
export type * from './api/progress.ts'
export type * from './api/saga-view.ts'
export type * from './api/sagas.ts'
export type * from './api/surroundings.ts'
