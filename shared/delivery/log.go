package delivery

// LogData is the data of a message of type log.
type LogData struct {
	Level    string `json:"level"`    // info, warn, error
	Priority string `json:"priority"` // low, medium, high: from medium on, the cluster page shows it
	Message  string `json:"message"`
}
