reboot 'the new kernel' do
  action :request_reboot
  reason 'a new kernel'
  delay_mins 10
end
