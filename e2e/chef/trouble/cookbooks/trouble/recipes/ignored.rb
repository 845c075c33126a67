execute 'ls /no/such/folder' do
  ignore_failure true
end
file '/no/such/folder/file'
