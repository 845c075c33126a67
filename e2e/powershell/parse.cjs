// Usage: node --liftoff-only parse.cjs MODULES < SCRIPT
//
// Parses PowerShell by a grammar of its own (tree-sitter-powershell, in the
// folder MODULES) and prints JSON: {"faults": ["3:1: text"], "commands":
// [{"line", "name", "parameters": ["-Name"]}]}.
const modules = process.argv[2];
const { Parser, Language } = require(modules + '/web-tree-sitter/web-tree-sitter.cjs');

async function main() {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(modules + '/tree-sitter-powershell/tree-sitter-powershell.wasm'));
  const found = { faults: [], commands: [] };
  visit(parser.parse(require('fs').readFileSync(0, 'utf8')).rootNode, found);
  console.log(JSON.stringify(found));
}

function visit(node, found) {
  const line = node.startPosition.row + 1;
  if (node.isError || node.isMissing) {
    found.faults.push(`${line}:${node.startPosition.column + 1}: ${node.text.slice(0, 40)}`);
  }
  if (node.type === 'command') {
    const part = type => node.namedChildren.filter(child => child.type === type);
    const parameters = part('command_elements').flatMap(e => e.namedChildren)
      .filter(e => e.type === 'command_parameter').map(e => e.text.replace(/:.*/s, ''));
    found.commands.push({ line, name: part('command_name').map(n => n.text)[0] ?? '', parameters });
  }
  node.namedChildren.forEach(child => visit(child, found));
}

main();
