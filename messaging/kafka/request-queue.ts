/** What the patch needs to know of kafkajs' internal queue, one per connection. */
type RequestQueue = {
  readonly pending: readonly unknown[]
  readonly throttledUntil: number
  scheduleCheckPendingRequests(): void
}

/**
 * kafkajs 2.2.4 re-arms a timer of 0–10 ms on every connection for as long as it lives, also when nothing waits: about 4 % of a
 * core per idle process. The check is only needed while a request is queued or the broker throttles us.
 */
export function calmRequestQueue(require: NodeJS.Require): void {
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue }
  const schedule = prototype.scheduleCheckPendingRequests
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this)
  }
}
