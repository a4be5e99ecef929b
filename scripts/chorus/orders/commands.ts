import { Argument, type Command } from 'commander'
import { demoScenarios } from '../../demo/scenarios.ts'
import { scenarios } from '../../shop/scenarios.ts'
import { outputOptions } from '../change.ts'
import { type OutputOptions, output } from '../output.ts'
import type { Session } from '../session.ts'
import { failOrder } from './fail.ts'
import { type PlaceOptions, placeOne, playAll } from './place.ts'

/** `chorus orders …`: orders to look at. */
export function orderCommands(program: Command, session: Session): void {
  const { terminal, addressOf, count } = session
  const orders = program.command('orders').description('orders to look at, on the shop that runs')
  const telling = (options: OutputOptions) => ({ terminal, output: output(terminal, options) })

  outputOptions(orders.command('place'))
    .description('places an order')
    .option('--payment-token <token>', 'what the provider makes of it: services/sandbox/README.md', 'tok_ok')
    .option('--postcode <code>', 'what the carrier makes of it', '10115')
    .option('--wait', 'until it has ended')
    .action((options: PlaceOptions & OutputOptions) =>
      count(() => placeOne(addressOf('order'), options, telling(options))),
    )

  outputOptions(orders.command('demo'))
    .description(`places the ${scenarios.length} orders of npm start, and waits for their endings`)
    .action((options: OutputOptions) => count(() => playAll(addressOf('order'), telling(options))))

  outputOptions(orders.command('fail'))
    .description('makes something go wrong, and waits for how it must end; without a scenario, lists them')
    .addArgument(new Argument('[scenario]').choices(demoScenarios.map(({ name }) => name)))
    .action((name: string | undefined, options: OutputOptions) =>
      count(() => failOrder(session, name, telling(options))),
    )
}
