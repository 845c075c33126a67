//go:build unix

// Broker runs a RabbitMQ broker on loopback until it is interrupted. It
// prints the broker's URL, and keeps everything in the folder that is its
// argument.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"jetpack.internal/e2e/rabbitmq"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "broker:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("usage: broker FOLDER")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b, err := rabbitmq.Start(ctx, os.Args[1])
	if err != nil {
		return err
	}
	defer b.Stop()
	fmt.Println(b.URL())
	<-ctx.Done()
	b.Down()
	return nil
}
