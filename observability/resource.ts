import { hostname } from 'node:os'
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { telemetryNames } from './names.ts'

/** Which process speaks. `service`: the participant's name. */
export type ServiceIdentity = { readonly service: string; readonly version?: string }

/** What every span and every metric of this process says about the process. */
export function resourceOf({ service, version }: ServiceIdentity): Resource {
  const { resource } = telemetryNames
  return defaultResource().merge(
    resourceFromAttributes({
      [resource.serviceName]: service,
      [resource.serviceInstance]: `${service}-${hostname()}-${process.pid}`,
      ...(version && { [resource.serviceVersion]: version }),
    }),
  )
}
