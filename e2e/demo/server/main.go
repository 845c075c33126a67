//go:build unix

// Server plays the cluster's server for the demonstration: it starts a real
// RabbitMQ, writes a node's connection file for it, and lists what arrives
// until it is ended by SIGTERM.
//
// Usage: server CONNECTION_FILE RECEIVED_FILE
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	amqp "github.com/rabbitmq/amqp091-go"

	"jetpack.internal/e2e/rabbitmq"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: server CONNECTION_FILE RECEIVED_FILE")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintf(os.Stderr, "server: %v\n", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, connectionFile, receivedFile string) error {
	dir, err := os.MkdirTemp("", "jetpack-demo-broker-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	broker, err := rabbitmq.Start(ctx, dir)
	if err != nil {
		return err
	}
	defer broker.Stop()
	arriving, err := subscribe(broker.URL())
	if err != nil {
		return err
	}
	received, err := os.Create(receivedFile)
	if err != nil {
		return err
	}
	defer received.Close()
	if err := writeConnection(connectionFile, broker.URL()); err != nil {
		return err
	}
	for {
		select {
		case delivery, open := <-arriving:
			if !open {
				return fmt.Errorf("the broker closed the connection")
			}
			fmt.Fprintf(received, "%s\t%s\n", delivery.RoutingKey, delivery.Body)
		case <-ctx.Done():
			return nil
		}
	}
}

// subscribe makes the exchange and a queue that gets everything.
func subscribe(url string) (<-chan amqp.Delivery, error) {
	connection, err := amqp.Dial(url)
	if err != nil {
		return nil, err
	}
	channel, err := connection.Channel()
	if err != nil {
		return nil, err
	}
	if err := channel.ExchangeDeclare("cyclecloud", amqp.ExchangeTopic, true, false, false, false, nil); err != nil {
		return nil, err
	}
	queue, err := channel.QueueDeclare("server", true, false, false, false, nil)
	if err != nil {
		return nil, err
	}
	if err := channel.QueueBind(queue.Name, "#", "cyclecloud", false, nil); err != nil {
		return nil, err
	}
	return channel.Consume(queue.Name, "", true, false, false, false, nil)
}

// writeConnection replaces the file in one step: who waits for it reads it
// whole.
func writeConnection(path, url string) error {
	text, err := json.MarshalIndent(map[string]any{"broker": map[string]any{"url": url}}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
