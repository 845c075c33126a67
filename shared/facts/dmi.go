package facts

func dmiSystem(m *Machine) (maker, product string) { return "", "" }
