# The few commands that a newcomer needs; each is a line of cargo. For everything else: cargo xtask --help

TOOLCHAIN := $(shell sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
CARGO     := cargo +$(TOOLCHAIN)
PREFIX    ?= $(HOME)/.local
DEMO      := render templates/examples/webshop/descriptor.yaml --source basecharts=templates \
             --platform templates/examples/platform.yaml

MODULES   := templates/modules
TARGET    := $(or $(CARGO_TARGET_DIR),target)
CATALOG   := $(TARGET)/web/catalog
# Quick to compile, and quick enough for a person.
SERVER    := $(CARGO) run --profile web-quick --locked --package chartwright-cli --no-default-features --features serve --

.PHONY: help serve page demo test install toolchain components fetch

help:
	@echo 'make serve     build the page and open it with the sample modules (at most seven minutes in an empty clone)'
	@echo 'make demo      render the example module with everything that it deploys (at most five minutes in an empty clone)'
	@echo 'make test      run all tests'
	@echo 'make install   install chartwright, its man pages and completions below PREFIX ($(PREFIX))'
	@echo
	@echo 'For everything else: cargo xtask --help'

# The page with the sample modules, in a browser: http://127.0.0.1:8080/, or the next free port.
serve: page
	$(SERVER) serve --page $(TARGET)/web/dist --catalog $(CATALOG) --store $(TARGET)/web/modules.db \
	  --source basecharts=templates --platform templates/examples/platform.yaml $(SERVE)

page: toolchain
	@rustup target add --toolchain $(TOOLCHAIN) wasm32-unknown-unknown
	$(CARGO) xtask web build
	$(SERVER) catalog build $(MODULES) --output $(CATALOG) --name 'Sample modules' --source basecharts=templates

# The demo needs neither plugins nor signatures; without them, most of what takes long to compile is left out.
demo: toolchain
	$(CARGO) run --release --locked --package chartwright-cli --no-default-features $(TIMINGS) -- $(DEMO)

test: toolchain components
	$(CARGO) xtask test

# With the page inside: `chartwright serve` needs no other file.
install: toolchain
	@rustup target add --toolchain $(TOOLCHAIN) wasm32-unknown-unknown
	$(CARGO) xtask web build --small
	CHARTWRIGHT_WEB_DIST=$(TARGET)/web/dist $(CARGO) install --locked --path wasm-runtime/cli --root $(PREFIX)
	$(PREFIX)/bin/chartwright install-docs $(PREFIX)/share

components: toolchain
	@rustup target add --toolchain $(TOOLCHAIN) wasm32-unknown-unknown wasm32-wasip1
	@rustup component add --toolchain $(TOOLCHAIN) clippy rustfmt

fetch: toolchain
	$(CARGO) fetch --locked --quiet

toolchain:
	@command -v rustup > /dev/null || { echo 'rustup is missing: https://rustup.rs says how to install it'; exit 1; }
	@command -v cc > /dev/null || { echo 'a C compiler is missing: on Debian, apt-get install gcc libc6-dev'; exit 1; }
	@rustup toolchain list | grep -q '^$(TOOLCHAIN)-' || rustup toolchain install $(TOOLCHAIN) --profile minimal --no-self-update
