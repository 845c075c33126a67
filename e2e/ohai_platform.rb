# Prints what Ohai makes of each ID of os-release in ARGV: platform and family.
require "ohai"
require "json"

Ohai::Log.level = :fatal
ohai = Ohai::System.new
ohai.load_plugins
plugin = Ohai::NamedPlugin.const_get(:Platform).new(ohai.data, Ohai::Log)
puts JSON.generate(ARGV.to_h do |id|
  platform = plugin.platform_id_remap(id)
  [id, [platform, plugin.platform_family_from_platform(platform)]]
end)
