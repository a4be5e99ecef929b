import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { versions } from './versions.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('the versions that run', () => {
  test.each([
    ['./local/pom.xml', `<version>${versions.kafka}</version>`],
    ['./local/requirements.txt', `SecantusDB==${versions.secantusdbWheel}`],
    ['./jaeger/go.mod', `github.com/jaegertracing/jaeger v${versions.jaeger}`],
    ['../docker-compose.yml', `image: apache/kafka:${versions.kafka}`],
    ['../docker-compose.yml', `image: apicurio/apicurio-registry:${versions.apicurio}`],
  ])('are the same in %s', (file, pin) => {
    expect(read(file)).toContain(pin)
  })

  test('are pinned for every image, to a whole version', () => {
    const images = [...read('../docker-compose.yml').matchAll(/image: (.+)/g)].map(([, image]) => image)
    expect(images).toHaveLength(6)
    for (const image of images) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/)
  })

  test('publish no port beyond this machine', () => {
    const published = read('../docker-compose.yml').match(/:-\d+\}:\d+'/g)
    expect(read('../docker-compose.yml').match(/'127\.0\.0\.1:\$\{\w+:-\d+\}:\d+'/g)).toHaveLength(
      published?.length ?? -1,
    )
  })
})
