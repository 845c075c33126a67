# Prints the plugins of Ohai that collect something on Linux, and what they
# provide.
require "ohai"
require "json"

Ohai::Log.level = :fatal
Ohai::System.new.load_plugins
plugins = Ohai::NamedPlugin.constants.map { |name| Ohai::NamedPlugin.const_get(name) }
plugins.select! { |p| p.data_collector.key?(:linux) || p.data_collector.key?(:default) }
puts JSON.generate(plugins.to_h { |p| [p.name.split("::").last, p.provides_attrs] })
