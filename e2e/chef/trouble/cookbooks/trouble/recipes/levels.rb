node.default['levels'] = { 'who' => 'default', 'default' => 1, 'list' => [1, 2], 'gone' => { 'x' => 1 }, 'deep' => { 'a' => { 'b' => 1 } } }
node.normal['levels']['who'] = 'normal'
node.normal['levels']['normal'] = 1.5
node.override['levels']['who'] = 'override'
node.override['levels']['list'] = [3]
node.override['levels']['gone'] = nil
node.override['levels']['deep']['a']['c'] = { 'd' => true }
node.force_default['levels']['default'] = 2
node.force_override['levels']['forced'] = 'override'
node.default['levels']['symbol'] = :symbol
node.default['levels']['large'] = 2**70
node.override['configured'] = 'by a recipe'
file node['merged'] do
  content(lazy { Chef::JSONCompat.to_json(node.attributes.merged_attributes) })
end
