//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"jetpack.internal/shared/azure"
)

// TestMetadataEqualOhai gives the same answers of the metadata service to
// Ohai's azure and cloud plugins and to ours.
func TestMetadataEqualOhai(t *testing.T) {
	const compute = `"compute":{"azEnvironment":"AzurePublicCloud","location":"westeurope","name":"execute-1","osProfile":{"adminUsername":"hpcadmin",
"computerName":"execute-1","disablePasswordAuthentication":"true"},"plan":{"name":"","product":"","publisher":""},"platformFaultDomain":"0",
"publicKeys":[{"keyData":"ssh-rsa 0","path":"/home/hpcadmin/.ssh/authorized_keys"}],"resourceGroupName":"hpc","storageProfile":{"dataDisks":[
{"diskSizeGB":"1024","lun":"0","managedDisk":{"id":"/subscriptions/x/disks/data","storageAccountType":"Premium_LRS"}}],"osDisk":{"diskSizeGB":"30"},
"resourceDisk":{"size":"65536"}},"subscriptionId":"11111111-2222-3333-4444-555555555555","tags":"a:b;c:d","tagsList":[{"name":"a","value":"b"}],
"virtualMachineScaleSet":{"id":""},"vmId":"02aab8a4-74ef-476e-8182-f6d2ba4166a6","vmSize":"Standard_HB120rs_v3","zone":""}`
	for name, answer := range map[string]string{
		"one interface": `{` + compute + `,"network":{"interface":[{"macAddress":"000D3AF806EC","ipv4":{"ipAddress":[{"privateIpAddress":"10.0.0.4",
			"publicIpAddress":"20.1.2.3"}],"subnet":[{"address":"10.0.0.0","prefix":"24"}]},"ipv6":{"ipAddress":[]}}]}}`,
		"two interfaces and IPv6": `{` + compute + `,"network":{"interface":[
			{"macAddress":"000D3AF806EC","ipv4":{"ipAddress":[{"privateIpAddress":"10.0.0.4","publicIpAddress":""},{"privateIpAddress":"10.0.0.5","publicIpAddress":"20.1.2.3"}]},
			 "ipv6":{"ipAddress":[{"privateIpAddress":"FD00:0:0::4","publicIpAddress":""},{"privateIpAddress":"fd00::5","publicIpAddress":"2603:1020::9"}]}},
			{"macAddress":"000D3AF806ED","ipv4":{"ipAddress":[{"privateIpAddress":"10.0.0.4","publicIpAddress":""}]},"ipv6":{"ipAddress":[]}}]}}`,
		"no address": `{` + compute + `,"network":{"interface":[]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Header.Get("Metadata") != "true":
					http.Error(w, `{"error":"Bad request. Required metadata header not specified"}`, http.StatusBadRequest)
				case r.URL.Query().Get("api-version") == "":
					http.Error(w, `{"error":"Bad request. api-version is invalid or was not specified in the request.","newest-versions":["2019-08-15","2019-11-01"]}`, http.StatusBadRequest)
				default:
					fmt.Fprint(w, answer)
				}
			}))
			t.Cleanup(server.Close)
			_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
			want := map[string]any{}
			if err := json.Unmarshal(runRuby(t, "ohai_azure.rb", port), &want); err != nil {
				t.Fatal(err)
			}
			metadata, found := azure.Source{Endpoint: server.URL}.Metadata(t.Context())
			if !found {
				t.Fatal("no metadata")
			}
			theirs, _ := json.Marshal(map[string]any{"azure": want["azure"], "cloud": want["cloud"]})
			ours, _ := json.Marshal(map[string]any{"azure": metadata, "cloud": azure.Cloud(metadata)})
			if !bytes.Equal(theirs, ours) {
				t.Errorf("Ohai has %s\nwe have  %s", theirs, ours)
			}
		})
	}
}
