package main

import (
	"strings"
	"time"

	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/message"
)

// longestShort is what AMQP allows for keys, names and properties, in bytes.
const longestShort = 255

func (c *command) checkLengths() error {
	short := map[string]string{
		"--content-type": c.ContentType, "--type": c.Type, "--reply-to": c.ReplyTo, "--message-id": c.MessageID,
	}
	if c.Key != nil {
		short["--routing-key"] = *c.Key
	}
	if c.Exchange != nil {
		short["--exchange"] = *c.Exchange
	}
	for option, value := range short {
		if len(value) > longestShort {
			return exit.Errorf(exit.Usage, "cannot use %s: it is longer than %d bytes", option, longestShort)
		}
	}
	_, err := c.headers(message.Identity{})
	return err
}

// headers are the node's identity and, over it, what the user gives.
func (c *command) headers(id message.Identity) (map[string]string, error) {
	headers := map[string]string{}
	for name, value := range map[string]string{"cluster_name": id.Cluster, "node_name": id.Node, "instance_id": id.Instance} {
		if value != "" {
			headers[name] = value
		}
	}
	for _, h := range c.Header {
		name, value, found := strings.Cut(h, "=")
		if !found || name == "" || len(name) > longestShort {
			return nil, exit.Errorf(exit.Usage, "cannot use --header=%q: expected NAME=VALUE with a name of at most %d bytes", h, longestShort)
		}
		headers[name] = value
	}
	return headers, nil
}

// messages makes messages that differ only in body, id and time.
func (c *command) messages(sender *delivery.Sender) (func(body []byte) message.Message, error) {
	headers, err := c.headers(sender.Identity())
	if err != nil {
		return nil, err
	}
	return func(body []byte) message.Message {
		id := c.MessageID
		if id == "" {
			id = message.NewID()
		}
		return message.Message{
			ID: id, Exchange: c.Exchange, Key: *c.Key, Type: c.Type, ContentType: c.ContentType,
			ReplyTo: c.ReplyTo, Priority: c.Priority, Expiration: c.Expiration, Transient: c.Transient,
			Headers: headers, Time: time.Now(), Body: body,
		}
	}, nil
}
