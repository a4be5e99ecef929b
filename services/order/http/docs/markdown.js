// Just the Markdown that the API's own descriptions use: headings, paragraphs, tables, code blocks, code, bold and links.

/** The elements for a text, block by block. */
export function blocks(text) {
  return text
    .trim()
    .split(/\n{2,}(?![^`]*\n```)/)
    .map(block)
}

function block(text) {
  const heading = /^(#+) (.+)$/.exec(text)
  if (heading) {
    const title = make(`h${heading[1].length}`, inline(heading[2]))
    title.id = heading[2]
    return title
  }
  const code = /^```\w*\n([\s\S]*)\n```$/.exec(text)
  if (code) return make('pre', [code[1]])
  if (text.startsWith('|')) return table(text)
  return make('p', inline(text))
}

function table(text) {
  const cells = (line) => line.replaceAll(/^\||\|$/g, '').split('|')
  const row = (line, cell) =>
    make(
      'tr',
      cells(line).map((text) => make(cell, inline(text.trim()))),
    )
  const [head, , ...lines] = text.split('\n')
  return make('table', [row(head, 'th'), ...lines.map((line) => row(line, 'td'))])
}

/** The nodes for a text within a line. */
export function inline(text) {
  return text.split(/(\[[^\]]+\]\([^)]+\)|\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    const link = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part)
    if (link) return Object.assign(make('a', inline(link[1])), { href: page(link[2]) })
    if (part.startsWith('**')) return make('strong', inline(part.slice(2, -2)))
    if (part.startsWith('`')) return make('code', [part.slice(1, -1)])
    return part
  })
}

/** Where a browser shows what the address of a problem names. */
const page = (address) => address.replace('/docs/problems.md', '/docs/problems.html')

function make(name, children) {
  const element = document.createElement(name)
  element.append(...children)
  return element
}
