package main

import "errors"

// delivery needs RabbitMQ, which is started on Unix only.
func (b *bench) delivery() error { return errors.ErrUnsupported }
