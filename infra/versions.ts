/** What `local` mode runs and `infra:build` compiles. `docker-compose.yml` and `infra/local/` hold the same. */
export const versions = {
  kafka: '4.3.1',
  apicurio: '3.3.3',
  jaeger: '1.76.0',
  secantusdbNative: '0.5.3-beta.196',
  secantusdbWheel: '0.7.0b3',
} as const
