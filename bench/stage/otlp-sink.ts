/** Takes spans over OTLP/HTTP and forgets them: for machines without Jaeger. A process of its own, so that its cost is seen. */
import { createServer } from 'node:http'

const port = Number(process.env.OTLP_SINK_PORT)

createServer((request, response) => {
  request
    .resume()
    .once('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end())
}).listen(port, '127.0.0.1')

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
