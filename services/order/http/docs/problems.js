import { blocks } from './markdown.js'

const text = await (await fetch('/docs/problems.md')).text()
document.querySelector('main').replaceChildren(...blocks(text))
// What the address names was not there yet when the browser looked for it.
document.getElementById(location.hash.slice(1))?.scrollIntoView()
