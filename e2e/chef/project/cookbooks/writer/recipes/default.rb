word = data_bag_item('words', 'first')
node.override['writer']['wrote'] = word['text']
file node['writer']['path'] do
  content [node['writer']['greeting'], node['writer']['ending'], word['text'],
           node['cyclecloud']['cluster']['name'], node['platform']].join("\n") + "\n"
  mode '0640'
end
