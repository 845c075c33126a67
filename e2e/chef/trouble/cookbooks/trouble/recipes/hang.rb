# Once it may go on, it does not hang.
execute 'wait for the licence' do
  command "touch #{node['began']}; [ -e #{node['go']} ] || sleep 4321; true"
end
