# Everything here works on a fresh Debian 12 machine with Go, make and git.
SHELL := /bin/bash
.DEFAULT_GOAL := help

MODULES  := $(patsubst %/go.mod,%,$(wildcard */go.mod))
PROGRAMS := $(filter-out packaging,$(patsubst %/main.go,%,$(wildcard */main.go)))
SYSTEMS  := linux/amd64 linux/arm64 windows/amd64
VETTED   := linux windows darwin
BUILT    ?= build

BUILD    ?= $(shell git rev-list --count HEAD 2>/dev/null || echo 0)
# Static binaries: a dynamic one costs a millisecond at every start. HTTP/2 is
# left out: nothing here needs it and it is half a megabyte.
# The commit is not stamped: it would make other bytes of the same sources in an
# unpacked archive or beside a file that git does not know.
export CGO_ENABLED := 0
# A normal user of Debian has not got the folders of ip, ethtool and the like.
export PATH := $(PATH):/usr/sbin:/sbin
TAGS     := nethttpomithttp2
# The option parser is not inlined: that is worth a tenth of a megabyte, and no
# time in a program that parses its options once.
GCFLAGS  := github.com/alecthomas/kong=-l
GOFLAGS_BUILD := -trimpath -buildvcs=false -tags $(TAGS) -gcflags '$(GCFLAGS)' -ldflags '-s -w -X jetpack.internal/shared/version.build=$(BUILD)'

PREFIX   ?= /opt/cycle/jetpack
DESTDIR  ?=
BINS     ?= $(PROGRAMS)

GOTESTSUM   := go run gotest.tools/gotestsum@v1.13.0
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := go run golang.org/x/vuln/cmd/govulncheck@v1.9.0

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

build: ## build all programs into bin/
	@mkdir -p bin
	@for p in $(PROGRAMS); do (cd $$p && go build $(GOFLAGS_BUILD) -o ../bin/$$p .) || exit 1; done
	@ln -sf healthcheckd bin/healthcheck

cross: ## build all programs for every system (SYSTEMS) into build/ (BUILT)
	@for s in $(SYSTEMS); do for p in $(PROGRAMS); do \
		suffix=; [ $${s%/*} = windows ] && suffix=.exe; \
		(cd $$p && GOOS=$${s%/*} GOARCH=$${s#*/} go build $(GOFLAGS_BUILD) -o '$(abspath $(BUILT))'/$${s/\//-}/$$p$$suffix .) || exit 1; \
	done; done

run: build ## play what a node does, with no server (BROKER=rabbitmq: with a real broker)
	@e2e/demo/play "$(CURDIR)" $(BROKER)

setup: ## install what the tests need
	@.ci/setup
	@.ci/setup-ubuntu
	@.ci/setup-windows

test: setup build ## install what the tests need and run all of them
	@mkdir -p build
	@CGO_ENABLED=1 $(GOTESTSUM) --format pkgname --jsonfile build/test.json -- -count=1 -race -timeout 30m work
	@sed -nE 's/.*"Output":" *[a-z_]+\.go:[0-9]+: (.*leaves of Ohai compared.*)\\n".*/\1/p' build/test.json

check: ## formatting, vet on every system, static analysis, tidy modules, shell scripts
	@.ci/check "$(MODULES)" "$(VETTED)" "$(STATICCHECK)" "$(GOVULNCHECK)"

tidy: ## go mod tidy in every module
	@for m in $(MODULES); do (cd $$m && GOWORK=off go mod tidy) || exit 1; done

deps: ## write down which packages each program links
	@for p in $(PROGRAMS); do (cd $$p && UPDATE_DEPS=1 go test -count=1 -run 'TestContract/linked' .) || exit 1; done

fuzz: ## run every fuzz target for FUZZTIME (default 20s)
	@.ci/fuzz "$(MODULES)" $(or $(FUZZTIME),20s)

bench: build ## print the figures of docs/performance.md beside their peers
	@.ci/setup bench
	@cd e2e && go run ./bench ../bin

e2e: setup build ## only the tests that need the real world
	@cd e2e && go test -count=1 ./...

test-windows: ## install Wine and run the Windows programs under it
	@.ci/setup-windows
	@cd e2e && go test -count=1 -timeout 15m -tags windows_e2e -run '^TestWindows' .

install: build ## install into DESTDIR/PREFIX (BINS: only these programs)
	@install -d '$(DESTDIR)$(PREFIX)/bin'
	@for p in $(BINS); do install -m 755 bin/$$p '$(DESTDIR)$(PREFIX)/bin/' || exit 1; done
	@case ' $(BINS) ' in *' healthcheckd '*) ln -sf healthcheckd '$(DESTDIR)$(PREFIX)/bin/healthcheck' ;; esac

# Later versions need a module that cannot be had from the module proxy.
NFPM     := github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2
PACKAGES ?= build/packages
FORMATS  := deb rpm archive

packages: cross ## make deb, rpm and archives (FORMATS) in build/packages (PACKAGES)
	@GOBIN='$(CURDIR)/build/tools' go install $(NFPM)
	@cd packaging && GOWORK=off go run . -nfpm ../build/tools/nfpm -build '$(BUILD)' -binaries '$(abspath $(BUILT))' \
		-systems '$(SYSTEMS)' -formats '$(FORMATS)' -out '$(abspath $(PACKAGES))' -epoch "$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)}"
	@echo "packages are in $(PACKAGES)"

clean: ## remove what was built
	rm -rf bin build

.PHONY: help build cross run setup test check tidy deps fuzz bench e2e test-windows install packages clean
