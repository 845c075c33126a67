default['writer']['greeting'] = 'from the cookbook'
default['writer']['ending'] = 'from the cookbook too'
