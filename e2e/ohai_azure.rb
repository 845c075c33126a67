# Runs Ohai's azure and cloud plugins against the metadata service at the
# loopback port in ARGV, and prints what they make of it.
require "ohai"
require "json"

PORT = ARGV[0].to_i
Ohai::Log.level = :fatal

module Loopback
  def hint?(*) = false
  def has_waagent? = true
  def can_socket_connect?(*) = true
  def http_get(uri) = Net::HTTP.start("127.0.0.1", PORT) { |http| http.get(uri, { "Metadata" => "true" }) }
end

ohai = Ohai::System.new
ohai.load_plugins
%i{Azure Cloud}.each do |name|
  plugin = Ohai::NamedPlugin.const_get(name).new(ohai.data, Ohai::Log)
  plugin.singleton_class.prepend(Loopback) if name == :Azure
  plugin.run_plugin
end
puts JSON.generate(ohai.data)
