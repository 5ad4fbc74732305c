;; A plugin that behaves, and every way not to.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "error_set" (func $error_set (param i64)))
  (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (import "extism:host/env" "log_info" (func $log_info (param i64)))
  (memory (export "memory") 1)
  (table $table 1 funcref)
  (global $called (mut i32) (i32.const 0))
  (data (i32.const 0) "{\22apiVersion\22:\22chartwright.dev/engine/v9\22,\22outcome\22:1}")
  (data (i32.const 64) "{\22apiVersion\22:\22chartwright.dev/engine/v1alpha1\22,\22result\22:[")
  (data (i32.const 128) "panic: panicked at src/lib.rs:1:1:\0aoh no")
  (data (i32.const 192) "not today")
  (data (i32.const 224) "key")

  ;; a block of shared memory with bytes of the own memory
  (func $block (param $at i32) (param $size i32) (result i64)
    (local $block i64) (local $i i32)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $size))))
    (loop $next
      (call $store_u8
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $i)))
        (i32.load8_u (i32.add (local.get $at) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $size))))
    (local.get $block))

  (func $answer (param $at i32) (param $size i32) (result i32)
    (call $output_set (call $block (local.get $at) (local.get $size)) (i64.extend_i32_u (local.get $size)))
    (i32.const 0))

  ;; gives its input back
  (func (export "echo") (result i32)
    (local $size i64) (local $block i64) (local $i i64)
    (local.set $size (call $input_length))
    (local.set $block (call $alloc (local.get $size)))
    (block $done
      (loop $next
        (br_if $done (i64.ge_u (i64.add (local.get $i) (i64.const 8)) (local.get $size)))
        (call $store_u64 (i64.add (local.get $block) (local.get $i)) (call $input_load_u64 (local.get $i)))
        (local.set $i (i64.add (local.get $i) (i64.const 8)))
        (br $next)))
    (block $end
      (loop $byte
        (br_if $end (i64.ge_u (local.get $i) (local.get $size)))
        (call $store_u8 (i64.add (local.get $block) (local.get $i)) (call $input_load_u8 (local.get $i)))
        (local.set $i (i64.add (local.get $i) (i64.const 1)))
        (br $byte)))
    (call $log_info (local.get $block))
    (call $output_set (local.get $block) (local.get $size))
    (i32.const 0))

  ;; gives back the configuration's `key`, and keeps it in a variable
  (func (export "config") (result i32)
    (local $key i64) (local $value i64)
    (local.set $key (call $block (i32.const 224) (i32.const 3)))
    (call $var_set (local.get $key) (call $config_get (local.get $key)))
    (local.set $value (call $var_get (local.get $key)))
    (call $output_set (local.get $value) (call $length (local.get $value)))
    (i32.const 0))

  ;; how often this instance was called
  (func (export "count") (result i32)
    (global.set $called (i32.add (global.get $called) (i32.const 1)))
    (i32.store8 (i32.const 300) (i32.add (i32.const 48) (global.get $called)))
    (call $answer (i32.const 300) (i32.const 1)))

  (func (export "endless") (result i32) (loop $again (br $again)) (i32.const 0))

  (func (export "grow") (result i32)
    (loop $more
      (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
    (i32.const 0))

  (func (export "grow_table") (result i32)
    (loop $more
      (br_if $more (i32.ne (table.grow $table (ref.null func) (i32.const 1000000)) (i32.const -1))))
    (i32.const 0))

  ;; blocks without end, too small to be noticed one by one
  (func (export "blocks") (result i32)
    (loop $more (drop (call $alloc (i64.const 1))) (br $more))
    (i32.const 0))

  (func (export "variables") (result i32)
    (local $i i32)
    (loop $more
      (i32.store (i32.const 400) (local.get $i))
      (call $var_set (call $block (i32.const 400) (i32.const 4)) (call $block (i32.const 0) (i32.const 4000)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $more))
    (i32.const 0))

  ;; a gigabyte
  (func (export "large") (result i32)
    (local $block i64)
    (local.set $block (call $alloc (i64.const 1073741824)))
    (call $output_set (local.get $block) (i64.const 1073741824))
    (i32.const 0))

  ;; says that it gives back what is not there
  (func (export "outside") (result i32)
    (call $output_set (i64.const 0xfffffffffffffff0) (i64.const 4096))
    (i32.const 0))

  ;; reads what is not there
  (func (export "reads_outside") (result i32)
    (drop (call $load_u64 (i64.const 0x7ffffff8)))
    (i32.const 0))

  (func (export "trap") (result i32) (unreachable))

  (func $deeper (export "deep") (result i32) (i32.add (call $deeper) (call $deeper)))

  (func (export "panic") (result i32)
    (call $error_set (call $block (i32.const 128) (i32.const 40)))
    (unreachable))

  (func (export "refuse") (result i32)
    (call $error_set (call $block (i32.const 192) (i32.const 9)))
    (i32.const 1))

  (func (export "code") (result i32) (i32.const 7))

  (func (export "network") (result i32) (drop (call $http_request (i64.const 0) (i64.const 0))) (i32.const 0))

  (func (export "with_parameters") (param i32) (result i32) (local.get 0))

  ;; answers in a version of the contract that nobody knows
  (func (export "render") (result i32) (call $answer (i32.const 0) (i32.const 54)))
  ;; answers with half of a JSON document
  (func (export "check") (result i32) (call $answer (i32.const 64) (i32.const 58)))
  ;; frees what it never had, and again
  (func (export "frees") (result i32)
    (local $block i64)
    (local.set $block (call $alloc (i64.const 10)))
    (call $free (i64.const 12345))
    (call $free (local.get $block))
    (call $free (local.get $block))
    (call $output_set (i64.const 64) (i64.const 0))
    (i32.const 0)))
