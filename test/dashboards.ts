import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, textOf } from './markdown.ts'

export type Panel = {
  readonly id: number
  readonly title: string
  readonly type: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number }
  readonly targets: readonly {
    readonly expr: string
    readonly legendFormat: string
    readonly datasource: { readonly uid: string }
  }[]
}

const folder = 'infra/grafana/dashboards'

/** The dashboards that Grafana is given. */
export function dashboards(): readonly { readonly title: string; readonly panels: readonly Panel[] }[] {
  return readdirSync(join(root, folder)).map((name) => JSON.parse(textOf(`${folder}/${name}`)))
}
