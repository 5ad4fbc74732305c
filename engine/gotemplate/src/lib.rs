//! Go's text/template: lexer, parser, compiled program and machine.
