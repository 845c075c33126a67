execute 'mount the share' do
  command 'echo looking for the share; ls /no/such/share'
end
