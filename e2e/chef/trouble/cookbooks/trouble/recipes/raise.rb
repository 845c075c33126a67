raise 'no licence server is set' unless node['licence_server']
